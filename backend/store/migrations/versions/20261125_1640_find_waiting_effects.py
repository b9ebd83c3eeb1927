"""Find waiting effects among those that are done.

Rows stay as they are; the index leaves out effects that are done.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1640"
down_revision = "20261125_1600"
branch_labels = None
depends_on = None

_WAITING = sa.text("state != 'done'")


def upgrade() -> None:
    """Bring the schema forward."""
    op.drop_index("ix_effects_state_due_at", "effects")
    op.create_index(
        "ix_effects_waiting", "effects", ["state", "due_at"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_effects_waiting", "effects")
    op.create_index("ix_effects_state_due_at", "effects", ["state", "due_at"])
