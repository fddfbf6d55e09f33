"""Give nonces for proof of possession, each used once.

Why: a key is registered only by who holds it, shown over a nonce that no earlier signature can know. Lock: new tables
only. Yesterday's release: does not read them.
"""

from pathlib import Path

from alembic import op

revision = "1050_possession"
down_revision = "1040_aims"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
