"""accounts and sessions."""

revision = "45ce5a2306eb"
down_revision = "9f72aa1a8df1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
