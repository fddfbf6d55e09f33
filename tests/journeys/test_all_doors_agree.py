"""C128: one report behind every door. In every standing, page, JSON, signed report, presented file, bundle and command
line say the same of a certificate, member by member."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape

import pytest

from app.cli.main import main
from app.conformity.words import ACCREDITED, live_word
from app.credentials.jws import check_jws, split_jws
from app.credentials.strict_json import parse_object
from app.pages.registry_questions import questions_of
from app.registry.accreditation import AccreditedScope
from app.registry.upkeep import begin
from tests.support.gallery import import_history, overturn
from tests.support.service import UNKNOWN_ID, Service
from tests.support.transfers import Accepting
from tests.support.unaccredited import add_declarant, add_registry, certify, certifying_in
from tests.support.world import STANDARD, World

OF_THE_ASKING = ("at", "known_at", "checked_at", "data_as_of")
"""When somebody asked and how fresh the data were: the one thing in which doors may differ, by seconds."""
LONG_AGO = 800
HTML = {"Accept": "text/html"}


def in_force(world):
    return world.grant().public_id


def pending(world):
    return world.grant(effective_on=world.ago(-9)).public_id


def suspended(world):
    public_id = in_force(world)
    world.suspend(public_id)
    return public_id


def restored(world):
    public_id = suspended(world)
    world.restore(public_id)
    return public_id


def withdrawn(world):
    public_id = in_force(world)
    world.withdraw(public_id)
    return public_id


def cancelled(world):
    public_id = in_force(world)
    world.cancel(public_id)
    return public_id


def annulled(world):
    public_id = in_force(world)
    world.annul(public_id)
    return public_id


def amended(world):
    public_id = in_force(world)
    world.rename("Second Name K.K.")
    world.amend(public_id)
    return public_id


def accreditation_suspended(world):
    public_id = in_force(world)
    world.change_accreditation("suspend")
    return public_id


def accreditation_ended(world):
    public_id = in_force(world)
    world.change_accreditation("withdraw")
    return public_id


def two_accreditations(world):
    first = world.known_accreditation
    second = world.accredit(number="FA-002", scope=AccreditedScope((STANDARD,), ("robotics",), ("JP",)))
    public_id = world.grant(accreditations=(first, second)).public_id
    world.change_accreditation("suspend", accreditation=second)
    return public_id


def several_sites(world):
    wanted = world.wanted(site_ids=(world.head_office, world.laboratory))
    return world.grant(certificate=wanted).public_id


def suspension_overturned(world):
    public_id = in_force(world)
    panel = tuple(world.add_person(world.actor, "appeal_handler") for _ in range(2))
    overturn(world, public_id, world.suspend(public_id).id, panel)
    return public_id


def reported_from_elsewhere(world):
    (public_id,) = import_history(world, ["OLD-1"])
    return public_id


def transferred(world):
    """From the world's body to another, from tomorrow on; the old ID and the new."""
    accepting = Accepting(world)
    old = in_force(world)
    _, taking = accepting.accepted(old)
    taken = accepting.take_over(taking)
    world.decide(old, "transfer_out")
    return old, accepting.issue(taken).public_id


def taken_over(world):
    return transferred(world)[1]


STANDINGS = {
    in_force: "valid",
    pending: "not_currently_valid",
    suspended: "not_currently_valid",
    restored: "valid",
    withdrawn: "no_longer_valid",
    cancelled: "no_longer_valid",
    annulled: "never_valid",
    amended: "valid",
    accreditation_suspended: "valid_with_notice",
    accreditation_ended: "valid_with_notice",
    two_accreditations: "valid_with_notice",
    several_sites: "valid",
    suspension_overturned: "valid",
    reported_from_elsewhere: "valid_with_notice",
    taken_over: "not_currently_valid",
}


@pytest.mark.parametrize("arrange", STANDINGS, ids=lambda arrange: arrange.__name__)
def test_all_doors_say_the_same(service, arrange, tmp_path, capsys):
    public_id = arrange(service.world)
    reports = every_door(service, public_id, tmp_path, capsys)
    assert reports["json"]["verdict"] == STANDINGS[arrange]
    assert_equal(reports)


def test_they_agree_about_what_has_expired(database, key_ring, tmp_path, capsys):
    """Granted for twelve months two years ago."""
    world = World(database, key_ring, start=datetime.now(UTC) - timedelta(days=LONG_AGO))
    world.accredit()
    world.bind_key()
    public_id = world.grant(certificate=world.wanted(last_valid_day=world.ago(-364))).public_id
    world.set_clock(datetime.now(UTC))
    service = Service(world)
    begin(world.registry)
    reports = every_door(service, public_id, tmp_path, capsys)
    assert reports["json"]["standing"]["state"] == "expired"
    assert_equal(reports)
    world.close()


def test_they_agree_about_what_moved_and_the_registry_alone_knows_where_to(service, tmp_path, capsys):
    """IAF MD 2: where to read on is told by the registry and signed by nobody, so that no file carries it."""
    old, new = transferred(service.world)
    reports = every_door(service, old, tmp_path, capsys)
    online = {"json", "signed", "page"}
    for name, report in reports.items():
        where = report["links"].pop("continued_by", None)
        assert (where is not None) == (name in online or name == "presented credential"), name
        assert where is None or where.endswith(new)
    assert_equal(reports)


@pytest.mark.parametrize("by_whom", ["a body that nobody accredits", "the holder itself"])
def test_they_agree_about_what_nobody_accredits(bare_world, by_whom, tmp_path, capsys):
    registry_party = add_registry(bare_world)
    if by_whom == "the holder itself":
        issued = add_declarant(bare_world, registry_party).declare()
    else:
        issued = certify(certifying_in(bare_world, registry_party))
    reports = every_door(Service(bare_world), issued.public_id, tmp_path, capsys)
    assert reports["json"]["verdict"] == "valid_with_notice"
    assert_equal(reports)


def test_they_agree_about_a_confidential_certificate(service):
    public_id = service.world.grant(consented=()).public_id
    reports = {name: door(public_id) for name, door in open_doors(service).items()}
    assert (reports["json"]["holder"], reports["json"]["scope"]) == (None, None)
    assert_equal(reports)


def test_they_agree_about_an_id_without_a_record(service):
    reports = {name: door(UNKNOWN_ID) for name, door in open_doors(service).items()}
    assert reports["json"]["verdict"] == "unknown"
    assert_equal(reports)


def open_doors(service):
    """What answers by ID, whoever asks."""
    return {
        "json": service.verification,
        "signed": partial(signed_report, service),
        "page": partial(page_report, service),
    }


def every_door(service, public_id, tmp_path, capsys):
    """The report of each door, by its name."""
    by_id = {name: door(public_id) for name, door in open_doors(service).items()}
    bundle = service.get(f"/c/{public_id}.bundle.json").content
    credential = service.get(f"/c/{public_id}.jwt").content
    return by_id | {
        "presented credential": present(service, credential, "application/vc+jwt"),
        "presented bundle": present(service, bundle, "application/json"),
        "command line": command_line(service.world, bundle, tmp_path, capsys),
    }


def signed_report(service, public_id):
    jws = split_jws(service.get(f"/v1/certificates/{public_id}/verification.jwt").text)
    return parse_object(check_jws(jws, service.world.ring.publication.public_key).payload, max_bytes=1_000_000)


def page_report(service, public_id):
    """The report that the page shows; the page itself says its verdict, and the whole ID in one piece."""
    report = questions_of(service.registry).verify(public_id).report
    page = service.get(f"/en/c/{public_id}", **HTML)
    assert public_id in page.text
    state = report["standing"]["state"] if report["standing"] else "none"
    assurance = report["scheme"]["assurance"] if report["scheme"] else ACCREDITED
    assert live_word(report["verdict"], state, assurance).en in unescape(page.text)
    return report


def present(service, content, media_type):
    answer = service.http.post("/v1/verifications", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == 200, answer.text
    return answer.json()


def command_line(world, bundle, tmp_path, capsys):
    (tmp_path / "bundle.json").write_bytes(bundle)
    (tmp_path / "anchors.json").write_text(json.dumps(world.anchors.as_json()))
    capsys.readouterr()
    main(["verify", str(tmp_path / "bundle.json"), "--anchors", str(tmp_path / "anchors.json"), "--json"])
    return json.loads(capsys.readouterr().out)


def without_the_minute(report):
    """The report but for when somebody asked; the check of the data's age says the minute of that in words."""
    checks = [
        {key: value for key, value in check.items() if key != "detail" or check["name"] != "freshness"}
        for check in report["checks"]
    ]
    return {key: value for key, value in report.items() if key not in OF_THE_ASKING} | {"checks": checks}


def assert_equal(reports):
    """Each report equals the first, member by member."""
    told = {name: without_the_minute(one) for name, one in reports.items()}
    expected = told["json"]
    for name, report in told.items():
        assert report.keys() == expected.keys(), name
        for member, value in report.items():
            assert value == expected[member], (name, member)
