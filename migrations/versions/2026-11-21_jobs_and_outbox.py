"""jobs and outbox."""

revision = "9f72aa1a8df1"
down_revision = "50eee8e17b8d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
