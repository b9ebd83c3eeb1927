"""How much of each rate is used up, for all processes of the installation."""

from sqlalchemy import BigInteger, Column, String, Table

from backend.store.tables import metadata

request_rates = Table(
    "request_rates",
    metadata,
    # A hash: who asked, or from which address, is nobody's to read here.
    Column("bucket", String(64), primary_key=True),
    # Microseconds since 1970: when all that was used has come back. Arithmetic on it is the same on both engines.
    Column("free_at_us", BigInteger, nullable=False, index=True),
)
