"""Remember when a policy's payee was changed, and find the policies that pay one account.

Rows in place: no change of a payee was dated before, so none is known to be recent (NULL).
"""

import sqlalchemy as sa
from alembic import op

from backend.store import columns

revision = "20261125_2311"
down_revision = "20261125_2310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("policies", sa.Column("payee_changed_at", columns.UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_policies_payee_account"), "policies", ["payee_account"])


def downgrade() -> None:
    """Take the schema back; the days of changes are lost."""
    op.drop_index(op.f("ix_policies_payee_account"), "policies")
    op.drop_column("policies", "payee_changed_at")
