"""queries."""

import sqlalchemy as sa
from alembic import op

revision = "07193df400d4"
down_revision = "a73107980bfd"
branch_labels = None
depends_on = None

_BEFORE = ("not_started", "in_review", "reviewed")
_AFTER = ("not_started", "in_review", "questions_open", "reviewed")


def _let_reviews_be(statuses: tuple[str, ...]) -> None:
    """Change which statuses a review may have: the check of the column is made anew."""
    listed = ", ".join(f"'{value}'" for value in statuses)
    with op.batch_alter_table("review") as batch:
        batch.drop_constraint(op.f("ck_review_reviewstatus"), type_="check")
        batch.create_check_constraint(op.f("ck_review_reviewstatus"), f"status IN ({listed})")


def upgrade() -> None:
    _let_reviews_be(_AFTER)
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


def downgrade() -> None:
    op.drop_table("query_comment")
    op.drop_table("query")
    op.execute("UPDATE review SET status = 'in_review' WHERE status = 'questions_open'")
    _let_reviews_be(_BEFORE)
