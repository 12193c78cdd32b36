"""receipts and seals."""

revision = "b432fd506b23"
down_revision = "74de07c4e919"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
