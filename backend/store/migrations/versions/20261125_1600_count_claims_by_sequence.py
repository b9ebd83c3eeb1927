"""Count claims by a sequence on PostgreSQL.

SQLite goes on counting in claim_numbers. Rows in place stay: nobody has run an earlier schema on PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1600"
down_revision = "20261123_2050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    if op.get_bind().dialect.supports_sequences:
        op.execute(sa.schema.CreateSequence(sa.Sequence("claim_serials")))


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().dialect.supports_sequences:
        op.execute(sa.schema.DropSequence(sa.Sequence("claim_serials")))
