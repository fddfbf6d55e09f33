"""What every test gets: no network but loopback; on request the one PostgreSQL server of the run, and a small world."""

# In the order in which they import one another: a plugin that was imported before is not rewritten.
pytest_plugins = [
    "tests.support.loopback",
    "tests.support.postgres",
    "tests.support.lending",
    "tests.support.world",
    "tests.support.logged",
    "tests.support.around",
    "tests.support.installed",
    "tests.support.service",
]
