"""Invite officers, approve their keys, follow their sessions, and let two people agree.

Rows in place: a login token that was not used becomes an invitation that ends after seven days. Keys that were
registered before count as approved from then on: claims stand on what they signed. Open sessions end; their officers
sign in with their keys. Nobody is an administrator yet: ``flashclaim server import officers`` makes the first ones.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261126_0903"
down_revision = "20261126_0901"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WAITING = sa.text("ending IS NULL")


def upgrade() -> None:
    """Bring the schema forward."""
    _create_invitations()
    _carry_tokens_over()
    with op.batch_alter_table("officers") as officers:
        officers.drop_constraint(op.f("uq_officers_login_token_hash"), type_="unique")
        officers.drop_column("login_token_hash")
        officers.add_column(
            sa.Column("is_administrator", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        officers.add_column(sa.Column("suspended_at", columns.UtcDateTime(), nullable=True))
    with op.batch_alter_table("officer_keys") as keys:
        for name in ("approved_at", "refused_at"):
            keys.add_column(sa.Column(name, columns.UtcDateTime(), nullable=True))
        keys.add_column(sa.Column("revocation", sa.String(length=12), nullable=True))
    op.execute("UPDATE officer_keys SET approved_at = registered_at")
    op.drop_table("sessions")
    _create_sessions()
    _create_log()
    _create_proposals()


def downgrade() -> None:
    """Take it back: nobody is signed in; keys that were not approved, or were refused, are forgotten."""
    for table in ("proposals", "authority_events", "sign_in_challenges", "sessions"):
        op.drop_table(table)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_sessions_officer_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.execute("DELETE FROM officer_keys WHERE approved_at IS NULL OR refused_at IS NOT NULL")
    with op.batch_alter_table("officer_keys") as keys:
        for name in ("revocation", "refused_at", "approved_at"):
            keys.drop_column(name)
    with op.batch_alter_table("officers") as officers:
        officers.drop_column("suspended_at")
        officers.drop_column("is_administrator")
        officers.add_column(sa.Column("login_token_hash", sa.String(length=64), nullable=True))
        officers.create_unique_constraint(op.f("uq_officers_login_token_hash"), ["login_token_hash"])
    op.execute(
        "UPDATE officers SET login_token_hash = (SELECT token_hash FROM invitations "
        "WHERE officer_id = officers.id AND used_at IS NULL AND withdrawn_at IS NULL)"
    )
    op.drop_table("invitations")


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.String(length=40), nullable=True),
        sa.Column("invited_at", columns.UtcDateTime(), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(), nullable=False),
        sa.Column("used_at", columns.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_invitations_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_officer_id"), "invitations", ["officer_id"])


def _carry_tokens_over() -> None:
    officers = sa.table("officers", sa.column("id", sa.String()), sa.column("login_token_hash", sa.String()))
    invitations = sa.table(
        "invitations",
        sa.column("id", sa.Uuid()),
        sa.column("officer_id", sa.String()),
        sa.column("token_hash", sa.String()),
        sa.column("invited_at", columns.UtcDateTime()),
        sa.column("expires_at", columns.UtcDateTime()),
    )
    connection, now = op.get_bind(), datetime.now(UTC)
    rows = [
        {
            "id": uuid4(),
            "officer_id": row.id,
            "token_hash": row.login_token_hash,
            "invited_at": now,
            "expires_at": now + timedelta(days=7),
        }
        for row in connection.execute(sa.select(officers).where(officers.c.login_token_hash.is_not(None)))
    ]
    if rows:
        connection.execute(invitations.insert(), rows)


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=100), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=True),
        sa.Column("opened_at", columns.UtcDateTime(), nullable=False),
        sa.Column("seen_at", columns.UtcDateTime(), nullable=False),
        sa.Column("idle_until", columns.UtcDateTime(), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_sessions_officer_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
        sa.UniqueConstraint("id", name=op.f("uq_sessions_id")),
    )
    op.create_index(op.f("ix_sessions_officer_id"), "sessions", ["officer_id"])
    op.create_table(
        "sign_in_challenges",
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_sign_in_challenges")),
    )
    op.create_index(op.f("ix_sign_in_challenges_expires_at"), "sign_in_challenges", ["expires_at"])


def _create_log() -> None:
    op.create_table(
        "authority_events",
        sa.Column("id", _ID, nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("deed", sa.String(length=24), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=True),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=True),
        sa.Column("counts_from", columns.UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_with", sa.String(length=64), nullable=True),
        sa.Column("signature", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_authority_events_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_events")),
    )
    for column in ("officer_id", "key_id"):
        op.create_index(op.f(f"ix_authority_events_{column}"), "authority_events", [column])


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", columns.UtcDateTime(), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", columns.UtcDateTime(), nullable=True),
        sa.Column("ending", sa.String(length=10), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_proposals_organisation")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_proposals_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index("ix_proposals_organisation_proposed_at", "proposals", ["organisation", "proposed_at"])
    op.create_index(
        "uq_proposals_waiting",
        "proposals",
        ["kind", "subject"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
