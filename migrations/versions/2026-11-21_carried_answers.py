"""carried answers."""

revision = "fef79510e185"
down_revision = "07193df400d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
