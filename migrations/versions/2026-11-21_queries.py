"""queries."""

import sqlalchemy as sa
from alembic import op

revision = "07193df400d4"
down_revision = "b432fd506b23"
branch_labels = None
depends_on = None

_BEFORE = ("not_started", "in_review", "reviewed")
_STATES = ("applied", "same", "clash", "late")
_AFTER = ("not_started", "in_review", "questions_open", "reviewed")


def _let_reviews_be(statuses: tuple[str, ...]) -> None:
    """Change which statuses a review may have: the check of the column is made anew."""
    listed = ", ".join(f"'{value}'" for value in statuses)
    with op.batch_alter_table("review") as batch:
        batch.drop_constraint(op.f("ck_review_reviewstatus"), type_="check")
        batch.create_check_constraint(op.f("ck_review_reviewstatus"), f"status IN ({listed})")


def _let_operations_be(states: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("operation") as batch:
        batch.drop_constraint(op.f("ck_operation_state"), type_="check")
        batch.create_check_constraint(op.f("ck_operation_state"), f"state IN ({listed})")


def upgrade() -> None:
    _let_reviews_be(_AFTER)
    _let_operations_be((*_STATES, "locked"))
    with op.batch_alter_table("draft") as batch:
        batch.add_column(sa.Column("unlocked", sa.JSON(), nullable=True))
    op.create_table(
        "query",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "answered",
                "resolved",
                name="querystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("sent_with", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_query_from_one")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_query_owner_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_query_submission_id_submission"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id", "revision"],
            ["revision.submission_id", "revision.number"],
            name=op.f("fk_query_submission_id_revision_revision"),
        ),
        sa.PrimaryKeyConstraint("submission_id", "number", name=op.f("pk_query")),
    )
    op.create_index("ix_query_state_due_on", "query", ["state", "due_on"])
    op.create_index(op.f("ix_query_sent_with"), "query", ["sent_with"])
    op.create_table(
        "query_comment",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("query_number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("is_of_party", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_query_comment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id", "query_number"],
            ["query.submission_id", "query.number"],
            name=op.f("fk_query_comment_submission_id_query_number_query"),
        ),
        sa.PrimaryKeyConstraint(
            "submission_id", "query_number", "position", name=op.f("pk_query_comment")
        ),
    )
    with op.batch_alter_table("submission") as batch:
        batch.add_column(sa.Column("reviewer_id", sa.String(length=36), nullable=True))
        batch.add_column(
            sa.Column("shows_work", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.create_foreign_key(
            op.f("fk_submission_reviewer_id_account"), "account", ["reviewer_id"], ["id"]
        )
    with op.batch_alter_table("collection") as batch:
        batch.add_column(sa.Column("notification", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("collection_code", sa.String(), nullable=False),
        sa.Column("notification", sa.String(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_reminder_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["collection_code"],
            ["collection.code"],
            name=op.f("fk_reminder_collection_code_collection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_collection_code"), "reminder", ["collection_code"])
    op.create_table(
        "reminded_party",
        sa.Column("reminder_id", sa.String(length=36), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminder.id"], name=op.f("fk_reminded_party_reminder_id_reminder")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_reminded_party_submission_id_submission"),
        ),
        sa.PrimaryKeyConstraint("reminder_id", "submission_id", name=op.f("pk_reminded_party")),
    )


def downgrade() -> None:
    op.drop_table("reminded_party")
    op.drop_table("reminder")
    with op.batch_alter_table("collection") as batch:
        batch.drop_column("notification")
    with op.batch_alter_table("submission") as batch:
        batch.drop_constraint(op.f("fk_submission_reviewer_id_account"), type_="foreignkey")
        batch.drop_column("shows_work")
        batch.drop_column("reviewer_id")
    op.drop_table("query_comment")
    op.drop_table("query")
    with op.batch_alter_table("draft") as batch:
        batch.drop_column("unlocked")
    op.execute("UPDATE operation SET state = 'late' WHERE state = 'locked'")
    _let_operations_be(_STATES)
    op.execute("UPDATE review SET status = 'in_review' WHERE status = 'questions_open'")
    _let_reviews_be(_BEFORE)
