"""Keep sessions of pages, one-time links into them, and saved views; packs say how far claims came.

Rows in place: sessions are those of officers' machines, as before. All packs go, and every claim is noted as not packed
yet: the worker packs them anew after the start, and figures are read from the rows until then.
"""

import sqlalchemy as sa
from alembic import op

from backend.domain.policy import policy_day
from backend.store import columns

revision = "20261126_1100"
down_revision = "20261126_1115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("sessions", sa.Column("opened_from", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_sessions_opened_from"), "sessions", ["opened_from"])
    op.create_table(
        "page_links",
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_page_links_session_id")),
        sa.PrimaryKeyConstraint("link_hash", name=op.f("pk_page_links")),
    )
    op.create_index(op.f("ix_page_links_expires_at"), "page_links", ["expires_at"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_saved_views_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("officer_id", "name", name=op.f("uq_saved_views_officer_id_name")),
    )

    _pack_anew()


def downgrade() -> None:
    """Take it back: whoever used a page signs in anew."""
    _pack_anew()
    op.drop_table("saved_views")
    op.drop_table("page_links")
    op.execute(sa.text("DELETE FROM sessions WHERE opened_from IS NOT NULL"))
    op.drop_index(op.f("ix_sessions_opened_from"), "sessions")
    op.drop_column("sessions", "opened_from")


def _pack_anew() -> None:
    op.execute(sa.text("DELETE FROM day_packs"))
    op.execute(sa.text("DELETE FROM unpacked_claims"))
    claims = sa.table(
        "claims",
        *(sa.column("id", sa.Uuid()), sa.column("version"), sa.column("county")),
        sa.column("reported_at", columns.UtcDateTime()),
    )
    unpacked = sa.table(
        "unpacked_claims",
        *(sa.column("claim_id", sa.Uuid()), sa.column("version"), sa.column("day", sa.Date())),
        sa.column("county"),
    )
    rows = op.get_bind().execute(sa.select(claims)).all()
    noted = [
        {"claim_id": row.id, "version": row.version, "day": policy_day(row.reported_at), "county": row.county}
        for row in rows
    ]
    if noted:
        op.bulk_insert(unpacked, noted)
