"""Refuse dates of the assessment that have not come yet, or that come before what they follow.

Why: a decision rests on what has happened (17021-1 9.1 to 9.5). Lock: four tables, for an instant. Yesterday's
release: gets the refusals.
"""

from pathlib import Path

from alembic import op

revision = "1080_dates"
down_revision = "1070_installation"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
