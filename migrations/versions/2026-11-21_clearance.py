"""clearance."""

import sqlalchemy as sa
from alembic import op

revision = "6936387b7c6b"
down_revision = "283924064ecc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment_thread",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "resolved",
                name="commentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_comment_thread_from_one")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_comment_thread_submission_id_submission"),
        ),
        sa.PrimaryKeyConstraint("submission_id", "number", name=op.f("pk_comment_thread")),
    )
    op.create_table(
        "comment",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("thread_number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_comment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id", "thread_number"],
            ["comment_thread.submission_id", "comment_thread.number"],
            name=op.f("fk_comment_submission_id_thread_number_comment_thread"),
        ),
        sa.PrimaryKeyConstraint(
            "submission_id", "thread_number", "position", name=op.f("pk_comment")
        ),
    )


def downgrade() -> None:
    op.drop_table("comment")
    op.drop_table("comment_thread")
