"""Add status bits, publications and the views of the public record.

Why: the first release. Lock: New tables and views only.
Yesterday's release: there is none.
"""

from pathlib import Path

from alembic import op

revision = "1020_publication"
down_revision = "1015_rules_of_versions"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
