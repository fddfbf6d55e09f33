"""What every test gets: no network but loopback; on request the one PostgreSQL server of the run, and a small world."""

pytest_plugins = ["tests.support.loopback", "tests.support.postgres", "tests.support.world"]
