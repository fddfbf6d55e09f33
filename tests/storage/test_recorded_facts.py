"""What a certificate says is gathered from the records as they hold on a day."""

from __future__ import annotations

from datetime import timedelta

from app.storage import recorded_facts


def test_names_are_those_that_hold_on_the_day(bare_world):
    organisation, today = bare_world.organisation, bare_world.today
    bare_world.rename("Kasumi Holdings K.K.", last_day=today)

    with bare_world.database.transaction(body=bare_world.body) as connection:
        names = {
            day: {row.name for row in recorded_facts.organisation_names(connection, bare_world.body, organisation, day)}
            for day in (today, today + timedelta(days=1))
        }

    assert names[today] == {"Kasumi Robotics K.K.", "霞ロボティクス株式会社"}
    assert names[today + timedelta(days=1)] == {"Kasumi Holdings K.K.", "霞ロボティクス株式会社"}


def test_a_site_is_found_with_its_own_organisation_only(bare_world):
    with bare_world.database.transaction(body=bare_world.body) as connection:
        found = recorded_facts.site(connection, bare_world.body, bare_world.organisation, bare_world.head_office)
        stray = recorded_facts.site(connection, bare_world.body, bare_world.decider.id, bare_world.head_office)
    assert found.central_function
    assert stray is None


def test_a_standard_is_known_with_its_edition(bare_world):
    with bare_world.database.transaction() as connection:
        assert recorded_facts.normative_document(connection, "aims", "ISO/IEC 42001:2023") is not None
        assert recorded_facts.normative_document(connection, "aims", "ISO/IEC 42001") is None
        assert recorded_facts.normative_document(connection, "aims", "ISO/IEC 42006:2025") is None


def test_parties_have_their_names_in_the_order_of_recording(bare_world):
    with bare_world.database.transaction() as connection:
        names = [row.name for row in recorded_facts.party_names(connection, bare_world.body)]
        assert recorded_facts.party(connection, bare_world.body).time_zone == "Asia/Tokyo"
    assert names == ["Fictional Certification", "架空認証機関"]


def test_the_last_day_of_the_audits_relied_on_is_found(bare_world):
    audits = bare_world.audits(bare_world.open().public_id)
    with bare_world.database.transaction(body=bare_world.body) as connection:
        assert recorded_facts.audits_end(connection, bare_world.body, audits) == bare_world.ago(10)
        assert recorded_facts.audits_end(connection, bare_world.body, ()) is None
