"""Lay the ground: schemas, clock, tenant context, and how tables are protected.

Why: the first release. Lock: A new database: nothing is locked and no earlier release exists.
Yesterday's release: there is none.
"""

from pathlib import Path

from alembic import op

revision = "0900_ground"
down_revision = None


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
