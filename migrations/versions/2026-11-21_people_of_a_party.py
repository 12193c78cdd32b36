"""people of a party."""

revision = "a73107980bfd"
down_revision = "b432fd506b23"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
