"""operations."""

import sqlalchemy as sa
from alembic import op

revision = "74de07c4e919"
down_revision = "45ce5a2306eb"
branch_labels = None
depends_on = None

KINDS = ("answer", "add_row", "remove_row", "move_row", "language")
CAUSES = ("typed", "restored", "undone", "replaced", "imported", "signed", "discarded")
STATES = ("applied", "same", "clash", "late")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "operation",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("page_order", sa.Integer(), nullable=True),
        sa.Column("kind", _enum("kind", *KINDS), nullable=False),
        sa.Column("cause", _enum("cause", *CAUSES), nullable=False),
        sa.Column("of", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("typed", sa.JSON(), nullable=True),
        sa.Column("state", _enum("state", *STATES), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_operation_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_operation_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("submission_id", "number", name=op.f("pk_operation")),
        sa.UniqueConstraint(
            "submission_id", "id", "part", name=op.f("uq_operation_submission_id_id_part")
        ),
    )
    op.create_index(
        "ix_operation_answer", "operation", ["submission_id", "place", "question", "number"]
    )
    op.create_table(
        "presence",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_presence_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_presence_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("submission_id", "account_id", name=op.f("pk_presence")),
    )


def downgrade() -> None:
    op.drop_table("presence")
    op.drop_index("ix_operation_answer", table_name="operation")
    op.drop_table("operation")
