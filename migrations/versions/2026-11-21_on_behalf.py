"""on behalf."""

import sqlalchemy as sa
from alembic import op

revision = "3040d4542d0d"
down_revision = "6936387b7c6b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_file",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_source_file_from_one")),
        sa.CheckConstraint("size >= 1", name=op.f("ck_source_file_not_empty")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_source_file_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_source_file_submission_id_submission"),
        ),
        sa.PrimaryKeyConstraint("submission_id", "number", name=op.f("pk_source_file")),
    )
    op.create_index(op.f("ix_source_file_sha256"), "source_file", ["sha256"])
    op.create_table(
        "on_behalf",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("proposal_id", sa.String(length=36), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id", "proposal_id"],
            ["proposal.submission_id", "proposal.id"],
            name=op.f("fk_on_behalf_submission_id_proposal_id_proposal"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id", "revision"],
            ["revision.submission_id", "revision.number"],
            name=op.f("fk_on_behalf_submission_id_revision_revision"),
        ),
        sa.PrimaryKeyConstraint("submission_id", "proposal_id", name=op.f("pk_on_behalf")),
        sa.UniqueConstraint(
            "submission_id", "revision", name=op.f("uq_on_behalf_submission_id_revision")
        ),
    )


def downgrade() -> None:
    op.drop_table("on_behalf")
    op.drop_table("source_file")
