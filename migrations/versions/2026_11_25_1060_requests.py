"""Remember answered requests, and the end of an organisation's name.

Why: a retry gets the answer of the first time; a name ends without changing the row that recorded it. Lock: new
tables, and one view for an instant. Yesterday's release: reads the view as before.
"""

from pathlib import Path

from alembic import op

revision = "1060_requests"
down_revision = "1050_possession"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
