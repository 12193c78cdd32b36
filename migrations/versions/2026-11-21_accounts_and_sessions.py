"""accounts and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "45ce5a2306eb"
down_revision = "9f72aa1a8df1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen_accounts_and_links()
    op.create_table(
        "user_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_user_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("hash", name=op.f("uq_user_session_hash")),
    )
    op.create_index(op.f("ix_user_session_account_id"), "user_session", ["account_id"])
    op.create_table(
        "browser_key",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_browser_key_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "device", name=op.f("pk_browser_key")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "hash", name=op.f("pk_recovery_code")),
    )


def _widen_accounts_and_links() -> None:
    """Only add columns to accounts: many tables name them, and SQLite need not copy the table."""
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("totp", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("totp_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("link", sa.Column("scope", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("link", sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE link SET created_at = expires_at")
    with op.batch_alter_table("link") as table:
        table.alter_column("created_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.add_column(sa.Column("created_by", sa.String(length=36), nullable=True))
        table.add_column(sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(
            op.f("fk_link_created_by_account"), "account", ["created_by"], ["id"]
        )


def downgrade() -> None:
    for name in ("recovery_code", "browser_key", "user_session"):
        op.drop_table(name)
    with op.batch_alter_table("link") as table:
        table.drop_constraint(op.f("fk_link_created_by_account"), type_="foreignkey")
        for column in ("revoked_at", "created_by", "created_at", "scope"):
            table.drop_column(column)
    for column in ("deactivated_at", "totp_step", "totp_since", "totp"):
        op.drop_column("account", column)
