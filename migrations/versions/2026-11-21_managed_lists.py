"""managed lists."""

import sqlalchemy as sa
from alembic import op

revision = "50eee8e17b8d"
down_revision = "6e4f89a6cfac"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "managed_list",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_managed_list")),
    )
    op.create_table(
        "list_entry",
        sa.Column("list_name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_list_entry_changed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["list_name"],
            ["managed_list.name"],
            name=op.f("fk_list_entry_list_name_managed_list"),
        ),
        sa.PrimaryKeyConstraint("list_name", "code", name=op.f("pk_list_entry")),
    )


def downgrade() -> None:
    op.drop_table("list_entry")
    op.drop_table("managed_list")
