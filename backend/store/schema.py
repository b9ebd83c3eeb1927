"""Every table, wherever it is described: whoever migrates or copies the database takes them from here."""

from backend.store import (
    assistance_tables,
    doubt_tables,
    limit_tables,
    pack_tables,
    page_tables,
    rating_tables,
    tables,
    visit_tables,
)

DESCRIBED_IN = (
    tables,
    assistance_tables,
    limit_tables,
    pack_tables,
    page_tables,
    doubt_tables,
    rating_tables,
    visit_tables,
)
"""The modules whose tables share ``metadata``; importing them is what puts them in."""
metadata = tables.metadata
