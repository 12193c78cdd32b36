"""clearance."""

import sqlalchemy as sa
from alembic import op

revision = "6936387b7c6b"
down_revision = "283924064ecc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner_grant",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=True),
        sa.Column("collection_code", sa.String(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "read",
                "comment",
                "draft",
                name="grantlevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("sees_secretariat", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("proposal_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "(submission_id IS NULL) <> (collection_code IS NULL)",
            name=op.f("ck_partner_grant_draft_or_signed"),
        ),
        sa.CheckConstraint(
            "submission_id IS NOT NULL OR level = 'read'",
            name=op.f("ck_partner_grant_signed_is_read"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_partner_grant_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_partner_grant_submission_id_submission"),
        ),
        sa.ForeignKeyConstraint(
            ["collection_code"],
            ["collection.code"],
            name=op.f("fk_partner_grant_collection_code_collection"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_partner_grant_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_partner_grant_created_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["account.id"], name=op.f("fk_partner_grant_ended_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_grant")),
    )
    op.create_index(op.f("ix_partner_grant_account_id"), "partner_grant", ["account_id"])
    op.create_index(op.f("ix_partner_grant_submission_id"), "partner_grant", ["submission_id"])
    op.create_table(
        "comment_thread",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["grant_id"],
            ["partner_grant.id"],
            name=op.f("fk_comment_thread_grant_id_partner_grant"),
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
    op.drop_table("partner_grant")
