"""clearance."""

revision = "6936387b7c6b"
down_revision = "283924064ecc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""


def downgrade() -> None:
    """Take it back."""
