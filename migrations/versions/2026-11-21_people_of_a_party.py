"""people of a party."""

revision = "d81f3b98e9d7"
down_revision = "07193df400d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""


def downgrade() -> None:
    """Take it back."""
