"""carried answers."""

import sqlalchemy as sa
from alembic import op

revision = "028840a786fa"
down_revision = "3040d4542d0d"
branch_labels = None
depends_on = None

_KINDS = ("answer", "add_row", "remove_row", "move_row", "language")
_ALONE = ("typed", "restored", "undone", "replaced", "imported", "signed", "discarded")
_CAUSES = (*_ALONE, "suggested")


def _let_operations_be(column: str, values: tuple[str, ...]) -> None:
    """Change what a column may hold: its check is made anew."""
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("operation") as batch:
        batch.drop_constraint(op.f(f"ck_operation_{column}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_operation_{column}"), f"{column} IN ({listed})")


def upgrade() -> None:
    _let_operations_be("kind", (*_KINDS, "carry"))
    _let_operations_be("cause", (*_CAUSES, "carried"))
    with op.batch_alter_table("revision") as batch:
        batch.add_column(sa.Column("carried", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("revision") as batch:
        batch.drop_column("carried")
    op.execute("DELETE FROM operation WHERE kind = 'carry'")
    op.execute("UPDATE operation SET cause = 'typed' WHERE cause = 'carried'")
    _let_operations_be("cause", _CAUSES)
    _let_operations_be("kind", _KINDS)
