"""proposals."""

import sqlalchemy as sa
from alembic import op

revision = "283924064ecc"
down_revision = "d81f3b98e9d7"
branch_labels = None
depends_on = None

_CAUSES = ("typed", "restored", "undone", "replaced", "imported", "signed", "discarded")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _let_causes_be(causes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{cause}'" for cause in causes)
    with op.batch_alter_table("operation") as batch:
        batch.drop_constraint(op.f("ck_operation_cause"), type_="check")
        batch.create_check_constraint(op.f("ck_operation_cause"), f"cause IN ({listed})")


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "kind", _enum("proposalkind", "delegate", "partner", "on_behalf"), nullable=False
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("places", sa.JSON(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", _enum("proposalstate", "open", "handed_in", "closed"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_proposal_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_proposal_created_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_proposal_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("submission_id", "id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("id", name=op.f("uq_proposal_id")),
    )
    op.create_index(op.f("ix_proposal_account_id"), "proposal", ["account_id"])
    op.create_table(
        "proposal_link",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("proposal_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id", "proposal_id"],
            ["proposal.submission_id", "proposal.id"],
            name=op.f("fk_proposal_link_submission_id_proposal_id_proposal"),
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_proposal_link")),
    )
    op.create_index("ix_proposal_link_proposal", "proposal_link", ["submission_id", "proposal_id"])
    op.create_table(
        "suggestion",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("proposal_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", _enum("suggestionkind", "answer", "add_row"), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            _enum(
                "suggestionstate",
                *("waiting", "accepted", "declined", "replaced", "taken_back", "clash"),
            ),
            nullable=False,
        ),
        sa.Column("ended", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("operation", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_suggestion_decided_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id", "proposal_id"],
            ["proposal.submission_id", "proposal.id"],
            name=op.f("fk_suggestion_submission_id_proposal_id_proposal"),
        ),
        sa.PrimaryKeyConstraint(
            "submission_id", "proposal_id", "number", name=op.f("pk_suggestion")
        ),
    )
    op.create_index("ix_suggestion_state", "suggestion", ["submission_id", "state"])
    _let_causes_be((*_CAUSES, "suggested"))
    with op.batch_alter_table("operation") as batch:
        batch.add_column(sa.Column("proposal_id", sa.String(length=36), nullable=True))
        batch.create_foreign_key(
            op.f("fk_operation_submission_id_proposal_id_proposal"),
            "proposal",
            ["submission_id", "proposal_id"],
            ["submission_id", "id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("operation") as batch:
        batch.drop_constraint(
            op.f("fk_operation_submission_id_proposal_id_proposal"), type_="foreignkey"
        )
        batch.drop_column("proposal_id")
    op.execute("UPDATE operation SET cause = 'typed' WHERE cause = 'suggested'")
    _let_causes_be(_CAUSES)
    op.drop_table("suggestion")
    op.drop_table("proposal_link")
    op.drop_table("proposal")
