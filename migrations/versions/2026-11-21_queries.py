"""queries."""

revision = "07193df400d4"
down_revision = "a73107980bfd"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
