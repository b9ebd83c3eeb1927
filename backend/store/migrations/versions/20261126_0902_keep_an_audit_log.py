"""Keep an audit log: the installation's public keys, the log's places, its subtrees, checkpoints and co-signatures.

Rows in place: events are not changed. Each is marked as waiting for its place in the log; the first worker that starts
gives them their places, in the order of their numbers.
"""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261126_0902"
down_revision = "20261126_0905"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "signing_keys",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("began_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.Column("introduced_by", sa.String(length=64), nullable=True),
        sa.Column("introduction", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "audit_waiting",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "seq", name=op.f("pk_audit_waiting")),
    )
    op.create_table(
        "audit_log",
        sa.Column("place", _number(), autoincrement=False, nullable=False),
        sa.Column("event_id", _number(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_audit_log")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_log_event_id")),
    )
    op.create_table(
        "audit_tiles",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("number", _number(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_audit_tiles")),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("size", _number(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["signing_keys.key_id"], name=op.f("fk_audit_checkpoints_key_id")
        ),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoints")),
    )
    op.create_table(
        "audit_cosignatures",
        sa.Column("size", _number(), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=100), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["size"], ["audit_checkpoints.size"], name=op.f("fk_audit_cosignatures_size")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_audit_cosignatures_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_audit_cosignatures_officer_id")
        ),
        sa.PrimaryKeyConstraint("size", "organisation_id", name=op.f("pk_audit_cosignatures")),
    )
    op.create_index(op.f("ix_audit_cosignatures_organisation_id"), "audit_cosignatures", ["organisation_id"])
    op.execute(
        sa.text("INSERT INTO audit_waiting (claim_id, seq) SELECT claim_id, seq FROM events ORDER BY id")
    )


def downgrade() -> None:
    """Take it back; the log and its checkpoints are lost, the events stay."""
    for table in (
        *("audit_cosignatures", "audit_checkpoints", "audit_tiles", "audit_log", "audit_waiting"),
        "signing_keys",
    ):
        op.drop_table(table)


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
