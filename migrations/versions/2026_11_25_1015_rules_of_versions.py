"""Repeat the rules where a certificate is reserved, issued and recorded.

Why: the first release. Lock: Functions and triggers on tables that are still empty.
Yesterday's release: there is none.
"""

from pathlib import Path

from alembic import op

revision = "1015_rules_of_versions"
down_revision = "1010_rules"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
