"""Tables behind the insurer's pages: one-time links into them, and views that officers keep by name."""

from sqlalchemy import Column, ForeignKey, String, Table, Text, UniqueConstraint, Uuid

from backend.store.columns import UtcDateTime
from backend.store.tables import metadata

page_links = Table(
    "page_links",
    metadata,
    # Kept for a minute: spent by their use, swept with every new one.
    Column("link_hash", String(64), primary_key=True),
    Column(
        "session_id", ForeignKey("sessions.id"), nullable=False
    ),  # of the officer's machine that asked for it
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("page", String(40), nullable=False),  # below /i; empty: the first page
    Column("query", Text, nullable=False),  # the filter as the address carries it
    Column("saved_at", UtcDateTime, nullable=False),
    UniqueConstraint("officer_id", "name", name="uq_saved_views_officer_id_name"),
)
