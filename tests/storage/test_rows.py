"""The few ways in which queries touch rows."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import MultipleResultsFound

from app.storage.rows import insert, insert_all, many, one, run, scalar


@pytest.fixture
def connection(bare_world):
    with bare_world.database.transaction() as opened:
        yield opened


def parties(connection):
    return many(connection, "SELECT kind FROM akashi.party ORDER BY kind")


def test_all_rows_are_a_tuple(connection):
    assert [row.kind for row in parties(connection)] == ["accreditation_body", "certification_body"]


def test_the_only_row_is_found_or_none_is(connection):
    query = "SELECT kind FROM akashi.party WHERE country = :country AND kind = 'accreditation_body'"
    assert one(connection, query, country="JP").kind == "accreditation_body"
    assert one(connection, query, country="FR") is None


def test_more_rows_than_one_are_an_error_of_ours(connection):
    with pytest.raises(MultipleResultsFound):
        one(connection, "SELECT kind FROM akashi.party")


def test_a_scalar_is_the_first_column_or_none(connection):
    query = "SELECT count(*) FROM akashi.party WHERE country = :country HAVING count(*) > 0"
    assert scalar(connection, query, country="JP") == 2
    assert scalar(connection, query, country="FR") is None


def test_how_many_rows_a_statement_touched_is_told(connection):
    assert run(connection, "SELECT FROM akashi.party") == 2


def test_dictionaries_become_json_and_tuples_arrays(bare_world):
    key = {"party_id": bare_world.body, "thumbprint": "x" * 43, "purpose": "certify"}
    with bare_world.database.transaction(body=bare_world.body) as connection:
        insert(connection, "signing_key", **key, jwk={"kty": "EC"}, chain=(b"a", b"b"), possession={})
        row = one(connection, "SELECT jwk, chain FROM akashi.signing_key WHERE thumbprint = :t", t="x" * 43)
    assert (row.jwk, [bytes(one) for one in row.chain]) == ({"kty": "EC"}, [b"a", b"b"])


def test_several_rows_are_added_in_one_round_trip_and_none_are_nothing(bare_world):
    with bare_world.database.transaction() as connection:
        before = run(connection, "SELECT FROM akashi.party_name")
        names = [{"party_id": bare_world.body, "name": name, "language": "en"} for name in ("b", "a")]
        insert_all(connection, "party_name", names)
        insert_all(connection, "party_name", [])
        assert run(connection, "SELECT FROM akashi.party_name") == before + 2


def test_a_value_is_never_read_as_sql(connection):
    assert scalar(connection, "SELECT CAST(:value AS text)", value="'; DROP TABLE akashi.party; --").startswith("';")
