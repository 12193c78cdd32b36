"""people of a party."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "d81f3b98e9d7"
down_revision = "07193df400d4"
branch_labels = None
depends_on = None

_OF_A_PARTY = ("national_authorized_user", "publishing_authority")
_OF_NONE = ("reviewer", "administrator")
_CATEGORIES = (
    *("primary", "clearing_house", "scientific_advice", "plant_conservation", "taxonomy"),
    *("protected_areas", "resource_mobilization", "traditional_knowledge", "biosafety"),
    *("biosafety_clearing_house", "access_and_benefit_sharing"),
)


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


def _designate() -> None:
    """Let those who sign go on signing: each is the primary national focal point."""
    account = sa.table(
        "account",
        sa.column("id"),
        sa.column("role"),
        sa.column("party_code"),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    designation = sa.table(
        "designation",
        sa.column("id"),
        sa.column("party_code"),
        sa.column("account_id"),
        sa.column("category"),
        sa.column("is_alternate", sa.Boolean()),
        sa.column("from_on", sa.Date()),
        sa.column("letter"),
        sa.column("recorded_at", sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    signing = sa.select(account).where(account.c.role == "publishing_authority")
    for row in connection.execute(signing).all():
        connection.execute(
            designation.insert().values(
                id=str(uuid4()),
                party_code=row.party_code,
                account_id=row.id,
                category="primary",
                is_alternate=False,
                from_on=row.created_at.date(),
                letter="",
                recorded_at=row.created_at,
            )
        )


def _make_designation() -> None:
    op.create_table(
        "designation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("party_code", sa.String(length=3), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                *_CATEGORIES,
                name="category",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_alternate", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("letter_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name=op.f("ck_designation_not_backwards")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["account.id"], name=op.f(f"fk_designation_{column}_account")
            )
            for column in ("account_id", "recorded_by", "ended_by")
        ),
        sa.ForeignKeyConstraint(
            ["party_code"], ["party.code"], name=op.f("fk_designation_party_code_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designation")),
    )
    op.create_index(op.f("ix_designation_party_code"), "designation", ["party_code"])
    op.create_index(op.f("ix_designation_account_id"), "designation", ["account_id"])


def _make_absence() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_absence_not_backwards")),
        *(
            sa.ForeignKeyConstraint(
                [column], ["account.id"], name=op.f(f"fk_absence_{column}_account")
            )
            for column in ("account_id", "recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_account_id"), "absence", ["account_id"])


def upgrade() -> None:
    _let_roles_be((*_OF_A_PARTY, "reader"), ("partner", "reviewer", "analyst", "administrator"))
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("handed_over_to", sa.String(length=36), nullable=True))
    _make_designation()
    _make_absence()
    with op.batch_alter_table("revision") as batch:
        batch.add_column(sa.Column("designation_id", sa.String(length=36), nullable=True))
        batch.create_foreign_key(
            op.f("fk_revision_designation_id_designation"),
            "designation",
            ["designation_id"],
            ["id"],
        )
    _designate()


def downgrade() -> None:
    """Take it back. People in roles that there were not keep what they may do least of."""
    with op.batch_alter_table("revision") as batch:
        batch.drop_constraint(op.f("fk_revision_designation_id_designation"), type_="foreignkey")
        batch.drop_column("designation_id")
    op.drop_table("absence")
    op.drop_table("designation")
    with op.batch_alter_table("account") as batch:
        batch.drop_column("handed_over_to")
    op.execute(
        "UPDATE account SET deactivated_at = COALESCE(deactivated_at, CURRENT_TIMESTAMP),"
        " role = CASE role WHEN 'reader' THEN 'national_authorized_user' ELSE 'reviewer' END"
        " WHERE role IN ('reader', 'partner', 'analyst')"
    )
    _let_roles_be(_OF_A_PARTY, _OF_NONE)
