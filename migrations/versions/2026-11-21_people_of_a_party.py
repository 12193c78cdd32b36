"""people of a party."""

from alembic import op

revision = "d81f3b98e9d7"
down_revision = "07193df400d4"
branch_labels = None
depends_on = None

_OF_A_PARTY = ("national_authorized_user", "publishing_authority")
_OF_NONE = ("reviewer", "administrator")


def _let_roles_be(of_a_party: tuple[str, ...], of_none: tuple[str, ...]) -> None:
    """Change which roles there are, and which of them belong to a Party."""
    national = ", ".join(f"'{role}'" for role in of_a_party)
    every = ", ".join(f"'{role}'" for role in (*of_a_party, *of_none))
    rule = f"(role IN ({national})) = (party_code IS NOT NULL)"
    with op.batch_alter_table("account") as batch:
        batch.drop_constraint(op.f("ck_account_role"), type_="check")
        batch.drop_constraint(op.f("ck_account_party_for_national_roles"), type_="check")
        batch.create_check_constraint(op.f("ck_account_role"), f"role IN ({every})")
        batch.create_check_constraint(op.f("ck_account_party_for_national_roles"), rule)


def upgrade() -> None:
    _let_roles_be((*_OF_A_PARTY, "reader"), ("partner", "reviewer", "analyst", "administrator"))


def downgrade() -> None:
    """Take it back. People in roles that there were not keep what they may do least of."""
    op.execute(
        "UPDATE account SET deactivated_at = COALESCE(deactivated_at, CURRENT_TIMESTAMP),"
        " role = CASE role WHEN 'reader' THEN 'national_authorized_user' ELSE 'reviewer' END"
        " WHERE role IN ('reader', 'partner', 'analyst')"
    )
    _let_roles_be(_OF_A_PARTY, _OF_NONE)
