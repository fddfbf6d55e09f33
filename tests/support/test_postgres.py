import psycopg
import pytest

from tests.support.postgres import FreshDatabase, Server


def test_each_test_gets_a_database_of_its_own(postgres: Server, database: FreshDatabase) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("CREATE TABLE mark ()")
    other = postgres.create_database()
    try:
        with postgres.superuser(other) as elsewhere, pytest.raises(psycopg.errors.UndefinedTable):
            elsewhere.execute("SELECT * FROM mark")
    finally:
        postgres.drop_database(other)


def test_the_server_is_reached_by_a_socket_only(postgres: Server) -> None:
    with postgres.superuser() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_test_that_asks_for_a_database_is_marked(request: pytest.FixtureRequest, postgres: Server) -> None:
    assert request.node.get_closest_marker("database") is not None
