"""carried answers."""

revision = "028840a786fa"
down_revision = "3040d4542d0d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""


def downgrade() -> None:
    """Take it back."""
