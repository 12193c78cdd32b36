"""on behalf."""

revision = "3040d4542d0d"
down_revision = "6936387b7c6b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""


def downgrade() -> None:
    """Take it back."""
