"""proposals."""

revision = "283924064ecc"
down_revision = "d81f3b98e9d7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""


def downgrade() -> None:
    """Take it back."""
