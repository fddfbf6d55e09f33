"""Fix the public address and the publication key of this installation.

Why: the address is signed into credentials, so a start with another one must be refused. Lock: a new table only.
Yesterday's release: does not read it.
"""

from pathlib import Path

from alembic import op

revision = "1070_installation"
down_revision = "1060_requests"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
