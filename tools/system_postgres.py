"""Exit 0 if this machine has a PostgreSQL of its own, new enough for the database tests; 1 otherwise."""

import sys

from tests.support.postgres import system_binaries

sys.exit(system_binaries() is None)
