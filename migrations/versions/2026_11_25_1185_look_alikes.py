"""Add what keeps one certificate from being taken for another: look-alike numbers, one scope certified twice.

Why: a body gives no number that looks like one it gave, and no client a second certificate of one scope unless a person
confirms it. Lock: a unique index on the certifications, for as long as it takes to build; a trigger on an insert-only table
for an instant. Yesterday's release: nothing is released yet.
"""

from pathlib import Path

from alembic import op

revision = "1185_look_alikes"
down_revision = "1180_import"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
