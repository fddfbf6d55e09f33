"""End functions and keys of people.

Why: a decider who leaves, or whose key is lost, decides no longer; what they decided stands. Lock: new tables, one
trigger on confirmations for an instant. Yesterday's release: confirms as before, and is refused with an ended key.
"""

from pathlib import Path

from alembic import op

revision = "1100_people_ends"
down_revision = "1090_directory"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
