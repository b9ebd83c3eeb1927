"""Keep imported products and market prices.

Rows in place: none is touched. Shipped products stay in their files.
"""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261125_2310"
down_revision = "20261125_2010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "products",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("imported_at", columns.UtcDateTime(), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_products_officer_id")),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_products")),
    )
    op.create_table(
        "market_prices",
        sa.Column("county", sa.String(length=12), nullable=False),
        sa.Column("species", sa.String(length=12), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("price_per_kg", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("imported_at", columns.UtcDateTime(), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_market_prices_officer_id")),
        sa.PrimaryKeyConstraint("county", "species", "week", name=op.f("pk_market_prices")),
    )
    op.create_index(op.f("ix_market_prices_week"), "market_prices", ["week"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index(op.f("ix_market_prices_week"), table_name="market_prices")
    op.drop_table("market_prices")
    op.drop_table("products")
