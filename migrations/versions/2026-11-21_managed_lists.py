"""managed lists."""

revision = "50eee8e17b8d"
down_revision = "6e4f89a6cfac"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
