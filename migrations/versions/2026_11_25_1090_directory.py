"""Number the certifications of the public record.

Why: pages of lists need a place that never moves (C104). Lock: one view, for a moment. Yesterday's release: does not read the new column.
"""

from pathlib import Path

from alembic import op

revision = "1090_directory"
down_revision = "1080_dates"


def upgrade() -> None:
    """Run the SQL of the same name beside this file."""
    op.get_bind().connection.driver_connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: facts are added, never taken back; restore a backup instead."""
    message = "a registry of signed facts does not migrate downwards; restore a backup instead"
    raise NotImplementedError(message)
