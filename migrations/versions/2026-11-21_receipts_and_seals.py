"""receipts and seals."""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "b432fd506b23"
down_revision = "74de07c4e919"
branch_labels = None
depends_on = None

FIRST = "0" * 64
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("submission") as batch:
        batch.add_column(sa.Column("head_number", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("head_hash", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("head_at", MOMENT, nullable=True))
    with op.batch_alter_table("event") as batch:
        batch.add_column(sa.Column("previous_hash", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
    chain_events()
    with op.batch_alter_table("submission") as batch:
        batch.alter_column("head_number", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("head_hash", existing_type=sa.String(length=64), nullable=False)
    with op.batch_alter_table("event") as batch:
        batch.alter_column("previous_hash", existing_type=sa.String(length=64), nullable=False)
        batch.alter_column("hash", existing_type=sa.String(length=64), nullable=False)
    with op.batch_alter_table("collection") as batch:
        batch.add_column(
            sa.Column("grace_days", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
        batch.create_check_constraint(
            op.f("ck_collection_grace_after_due"),
            "grace_days >= 0 AND (grace_days = 0 OR due_on IS NOT NULL)",
        )
    with op.batch_alter_table("collection") as batch:
        batch.alter_column("grace_days", existing_type=sa.Integer(), server_default=None)
    op.create_table(
        "trail",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("head_number", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("head_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_trail")),
    )
    op.create_table(
        "act",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind", "subject"], ["trail.kind", "trail.subject"], name=op.f("fk_act_kind_trail")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_act_account_id_account")
        ),
        sa.PrimaryKeyConstraint("kind", "subject", "number", name=op.f("pk_act")),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.String(length=44), nullable=False),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "receipt",
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id", "number"],
            ["revision.submission_id", "revision.number"],
            name=op.f("fk_receipt_submission_id_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["signing_key.id"], name=op.f("fk_receipt_key_id_signing_key")
        ),
        sa.PrimaryKeyConstraint("submission_id", "number", name=op.f("pk_receipt")),
    )
    op.create_table(
        "seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("heads", sa.String(length=64), nullable=False),
        sa.Column("added", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["signing_key.id"], name=op.f("fk_seal_key_id_signing_key")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
    )
    op.create_table(
        "sealed_head",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seal"], ["seal.number"], name=op.f("fk_sealed_head_seal_seal")),
        sa.PrimaryKeyConstraint("kind", "subject", "number", name=op.f("pk_sealed_head")),
    )
    op.create_index(op.f("ix_sealed_head_seal"), "sealed_head", ["seal"])


def downgrade() -> None:
    for table in ("sealed_head", "seal", "receipt", "signing_key", "act", "trail"):
        op.drop_table(table)
    with op.batch_alter_table("collection") as batch:
        batch.drop_constraint(op.f("ck_collection_grace_after_due"), type_="check")
        batch.drop_column("grace_days")
    with op.batch_alter_table("event") as batch:
        batch.drop_column("hash")
        batch.drop_column("previous_hash")
    with op.batch_alter_table("submission") as batch:
        batch.drop_column("head_at")
        batch.drop_column("head_hash")
        batch.drop_column("head_number")


def chain_events() -> None:
    """Chain the events that are there, as `app.services.events` does since; keep each head."""
    connection = op.get_bind()
    event = sa.table(
        "event",
        sa.column("submission_id", sa.String()),
        sa.column("number", sa.Integer()),
        sa.column("at", MOMENT),
        sa.column("account_id", sa.String()),
        sa.column("action", sa.String()),
        sa.column("details", sa.JSON()),
        sa.column("previous_hash", sa.String()),
        sa.column("hash", sa.String()),
    )
    submission = sa.table(
        "submission",
        sa.column("id", sa.String()),
        sa.column("head_number", sa.Integer()),
        sa.column("head_hash", sa.String()),
        sa.column("head_at", MOMENT),
    )
    connection.execute(submission.update().values(head_number=0, head_hash=""))
    ids = connection.execute(sa.select(submission.c.id)).scalars().all()
    for key in ids:
        chain_one(connection, event, submission, key)


def chain_one(connection, event, submission, key: str) -> None:  # noqa: ANN001 - Alembic's own
    mine = sa.select(event).where(event.c.submission_id == key).order_by(event.c.number)
    previous, last = FIRST, None
    for row in connection.execute(mine).all():
        text = f"{previous}\n{canonical(facts(row))}"
        found = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        this = (event.c.submission_id == key) & (event.c.number == row.number)
        connection.execute(event.update().where(this).values(previous_hash=previous, hash=found))
        previous, last = found, row
    if last is not None:
        connection.execute(
            submission.update()
            .where(submission.c.id == key)
            .values(head_number=last.number, head_hash=previous, head_at=last.at)
        )


def facts(row) -> dict[str, object]:  # noqa: ANN001 - a row
    at = row.at.replace(tzinfo=UTC) if row.at.tzinfo is None else row.at.astimezone(UTC)
    return {
        "submission": row.submission_id,
        "number": row.number,
        "at": datetime.strftime(at, "%Y-%m-%dT%H:%M:%S.%fZ"),
        "account": row.account_id,
        "action": row.action,
        "details": row.details,
    }


def canonical(value: object) -> str:
    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":"))


def ordered(value: object) -> object:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return [ordered(item) for item in value]
    return value
