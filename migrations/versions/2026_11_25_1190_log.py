"""Give every signed fact its place in an append-only log.

Why: whoever relies on the registry can then prove what it said, and when, without trusting it. Lock: new tables. The
entries of all facts so far have been queued since the first; they are taken in order when the integrator starts.
Yesterday's release: nothing is released yet.
"""

from pathlib import Path

from alembic import op

revision = "1190_log"
down_revision = "1185_look_alikes"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
