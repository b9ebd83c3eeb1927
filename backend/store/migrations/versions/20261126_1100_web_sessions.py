"""Keep sessions of pages, one-time links into them, and saved views.

Rows in place: sessions are those of officers' machines, as before.
"""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261126_1100"
down_revision = "20261126_1000"
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


def downgrade() -> None:
    """Take it back: whoever used a page signs in anew."""
    op.drop_table("saved_views")
    op.drop_table("page_links")
    op.execute(sa.text("DELETE FROM sessions WHERE opened_from IS NOT NULL"))
    op.drop_index(op.f("ix_sessions_opened_from"), "sessions")
    op.drop_column("sessions", "opened_from")
