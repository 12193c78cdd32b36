"""operations."""

revision = "74de07c4e919"
down_revision = "45ce5a2306eb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
