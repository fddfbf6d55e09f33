"""What every test gets: no network but loopback, and on request the one PostgreSQL server of the run."""

pytest_plugins = ["tests.support.loopback", "tests.support.postgres"]
