"""Record competence per technical area, interests and threats to impartiality.

Why: the whole life of a certification is recorded here, not only its first year. Lock: new tables; triggers on insert-only
tables for an instant. Yesterday's release: nothing is released yet.
"""

from pathlib import Path

from alembic import op

revision = "1110_competence"
down_revision = "1100_people_ends"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
