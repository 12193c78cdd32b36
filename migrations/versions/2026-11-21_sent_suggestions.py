"""sent suggestions."""

import sqlalchemy as sa
from alembic import op

revision = "5b0c6f3ad2e1"
down_revision = "028840a786fa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("proposal") as batch:
        batch.add_column(sa.Column("browser_key", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("proposal") as batch:
        batch.alter_column("browser_key", server_default=None)
    op.create_table(
        "sent_suggestion",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("proposal_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("page_order", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                *("waiting", "accepted", "declined", "replaced", "taken_back", "clash"),
                name="suggestionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id", "proposal_id"],
            ["proposal.submission_id", "proposal.id"],
            name=op.f("fk_sent_suggestion_submission_id_proposal_id_proposal"),
        ),
        sa.PrimaryKeyConstraint(
            "submission_id", "proposal_id", "id", "question", name=op.f("pk_sent_suggestion")
        ),
    )
    op.create_index(
        "ix_sent_suggestion_page", "sent_suggestion", ["submission_id", "proposal_id", "page"]
    )


def downgrade() -> None:
    op.drop_table("sent_suggestion")
    with op.batch_alter_table("proposal") as batch:
        batch.drop_column("browser_key")
