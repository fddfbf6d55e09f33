from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.credentials.facts_json import facts_digest
from app.examiner.checks.signature import check_signature
from app.examiner.evidence import open_case
from app.examiner.examine import examine
from app.examiner.report import Check
from app.keys.keys import public_jwk
from app.trust.anchors import Anchors, Role
from tests.support.certificate_facts import ACCREDITATION
from tests.support.evidence import BEGIN, GRANTED, NOW, Record, granted, world


def checked(record: Record, anchors: Anchors | None = None, **evidence) -> Check:
    given = record.evidence(**evidence)
    return check_signature(open_case(given), given, record.signers.anchors if anchors is None else anchors)


def found(check: Check) -> tuple[str, str]:
    return check.result.value, check.code


def without(anchors: Anchors, role: Role) -> Anchors:
    return replace(anchors, keys=tuple(anchor for anchor in anchors.keys if anchor.role is not role))


def test_every_document_is_counted_and_named_by_digest() -> None:
    record = granted()
    check = checked(record)
    assert found(check) == ("passed", "signed")
    assert set(check.evidence) == {envelope.digest for envelope in record.envelopes}


@pytest.mark.parametrize("place", range(5))
def test_a_signature_by_somebody_else_fails_whichever_document_it_is_on(place: int) -> None:
    record = granted()
    head, _, signature = record.envelopes[place].jws.rpartition(".")
    other = record.envelopes[(place + 1) % 5].jws.rpartition(".")[2]
    assert signature != other
    record.envelopes[place] = replace(record.envelopes[place], jws=f"{head}.{other}")
    assert found(checked(record)) == ("failed", "bad_signature")


def test_a_bad_signature_fails_without_anchors_too() -> None:
    record = granted()
    head = record.envelopes[3].jws.rpartition(".")[0]
    record.envelopes[3] = replace(record.envelopes[3], jws=f"{head}.{record.envelopes[4].jws.rpartition('.')[2]}")
    assert found(checked(record, Anchors())) == ("failed", "bad_signature")


def test_without_anchors_it_is_not_performed() -> None:
    assert found(checked(granted(), Anchors())) == ("not_performed", "no_anchors")


def test_an_accreditation_body_that_the_anchors_do_not_name_is_unknown_and_no_fraud() -> None:
    record = granted()
    anchors = without(record.signers.anchors, Role.ACCREDITATION_BODY)
    assert found(checked(record, anchors)) == ("not_performed", "accreditation_body_not_anchored")


def test_a_stranger_who_states_in_the_name_of_an_anchored_body_fails() -> None:
    record = Record()
    record.state(signer=world().stranger)
    record.bind()
    record.grant()
    assert found(checked(record)) == ("failed", "accreditation_key_unknown")


def test_an_anchor_counts_only_in_its_period() -> None:
    record = granted()
    keys = tuple(replace(anchor, valid_from=NOW) for anchor in record.signers.anchors.keys)
    anchors = replace(record.signers.anchors, keys=keys)
    assert found(checked(record, anchors)) == ("failed", "accreditation_key_unknown")


@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": ["suspend"]},
        {"from": "2026-03-01T00:00:00Z"},
        {"to": "2026-02-02T03:00:00Z"},
        {"body": "00000000-0000-4000-8000-000000000099"},
    ],
)
def test_a_key_signs_only_for_its_body_its_purpose_and_its_period(changes: dict[str, object]) -> None:
    record = Record()
    record.state()
    record.bind(**changes)
    record.grant()
    assert found(checked(record)) == ("failed", "key_not_bound")


def test_a_key_that_is_bound_after_it_signed_does_not_count() -> None:
    record = Record()
    record.state()
    record.grant()
    record.bind(at=NOW)
    assert found(checked(record)) == ("failed", "key_not_bound")


def test_a_key_for_stopping_may_stop_and_nothing_else() -> None:
    record = granted()
    brake = world().stranger
    record.bind(key=brake.thumbprint, jwk=public_jwk(brake.public_key), purposes=["suspend"])
    decision = record.decide("suspend", NOW, signer=brake, until="2026-12-31")
    record.move("suspend", NOW, decision, signer=brake, until="2026-12-31")
    assert found(checked(record)) == ("passed", "signed")
    record.move("restore", NOW, record.decide("restore", NOW), signer=brake)
    assert found(checked(record)) == ("failed", "key_not_bound")


def test_a_binding_whose_jwk_is_another_key_does_not_count() -> None:
    record = Record()
    record.state()
    record.bind(jwk=public_jwk(world().stranger.public_key))
    record.grant()
    assert found(checked(record)) == ("failed", "bad_signature")


def test_a_binding_whose_jwk_is_no_key_does_not_count() -> None:
    record = Record()
    record.state()
    record.bind(jwk={"kty": "EC"})
    record.grant()
    assert found(checked(record)) == ("failed", "bad_signature")


def test_a_manifest_that_the_publication_key_did_not_sign_fails() -> None:
    record = granted()
    evidence = record.evidence()
    head = record.manifest(evidence).rpartition(".")[0]
    forged = f"{head}.{record.envelopes[0].jws.rpartition('.')[2]}"
    assert found(checked(record, manifest=forged)) == ("failed", "bad_signature")


def test_a_manifest_by_a_key_without_anchor_is_left_to_freshness() -> None:
    record = granted()
    manifest = record.manifest(record.evidence(), signer=world().stranger)
    assert found(checked(record, manifest=manifest)) == ("passed", "signed")


def test_a_retired_key_still_stands_for_what_it_signed_and_signs_nothing_more() -> None:
    """C061: retirement is the end of the binding; what was recorded before it stays good for ever."""
    record = Record()
    record.state()
    record.bind(to="2026-06-01T00:00:00Z")
    record.grant()
    assert found(checked(record)) == ("passed", "signed")
    record.act("suspend", datetime(2026, 6, 1, tzinfo=UTC), until="2026-12-31")
    assert found(checked(record)) == ("failed", "key_not_bound")


def test_the_time_of_recording_decides_and_not_the_time_of_asking() -> None:
    record = Record()
    record.state()
    record.bind(to="2026-06-01T00:00:00Z")
    record.grant()
    assert BEGIN < GRANTED < NOW
    assert found(checked(record)) == ("passed", "signed")


SECOND_BODY = "00000000-0000-4000-8000-000000000061"
SECOND = {"accreditation": "00000000-0000-4000-8000-000000000051", "accreditation_body": SECOND_BODY}


def with_second(*, accreditations: list[str], first_binds: bool = True) -> Record:
    """A certificate whose body has a second accreditor, which bound the key too and first, and is no anchor."""
    record, signer = Record(), world().stranger
    record.state()
    record.state(
        **SECOND, signer=signer, number="SB-1", statement_no=1, body_names=[{"name": "Forged", "language": "en"}]
    )
    record.bind(**SECOND, signer=signer)
    if first_binds:
        record.bind()
    facts = granted().versions[0]
    held = tuple(replace(facts.accreditations[0], id=name, number=name[-2:]) for name in accreditations)
    facts = replace(facts, accreditations=held)
    decision = record.decide("grant", GRANTED, facts_sha256=facts_digest(facts), accreditations=accreditations)
    record.versions.append(facts)
    record.certify(facts, 1, GRANTED)
    record.move("grant", GRANTED, decision)
    return record


def examined(record: Record):
    return examine(record.evidence(), record.signers.anchors, now=NOW)


def test_an_accreditor_without_anchor_cannot_spoil_what_does_not_rest_on_it() -> None:
    record = with_second(accreditations=[ACCREDITATION.id])
    report = examined(record)
    signature = report.check("signature")
    assert (signature.result, signature.code, report.verdict) == ("passed", "signed_as_needed", "valid")
    left_out = {envelope.digest for envelope in record.envelopes[1:3]}
    assert not left_out & set(signature.evidence)
    assert not left_out & {statement.sha256 for statement in report.statements}
    assert "Forged" not in str(report.as_json())


def test_of_two_claimed_accreditations_the_anchored_one_carries_the_certificate() -> None:
    report = examined(with_second(accreditations=[ACCREDITATION.id, SECOND["accreditation"]]))
    assert (report.verdict, [one.id for one in report.accreditations]) == ("valid", [ACCREDITATION.id])
    assert "accreditation_not_anchored" in [notice.code for notice in report.notices]
    assert report.check("accreditation_at_decision").result == "passed"
    assert "Forged" not in str(report.as_json())


@pytest.mark.parametrize(
    ("accreditations", "first_binds"), [([SECOND["accreditation"]], True), ([ACCREDITATION.id], False)]
)
def test_what_rests_on_nothing_anchored_is_not_established(accreditations: list[str], *, first_binds: bool) -> None:
    report = examined(with_second(accreditations=accreditations, first_binds=first_binds))
    signature = report.check("signature")
    assert (signature.result, signature.code) == ("not_performed", "accreditation_body_not_anchored")
    assert (report.verdict, report.exit_code(), report.holder) == ("unknown", 2, None)


def test_a_statement_that_nothing_rests_on_still_must_not_be_forged() -> None:
    record = granted()
    other = {"accreditation": SECOND["accreditation"]}
    record.state(GRANTED, **other, statement_no=1, signer=world().stranger)
    record.bind(GRANTED, **other)
    assert found(checked(record)) == ("failed", "accreditation_key_unknown")


# A body that ceased signs nothing more (domain §10: keys frozen).

LATER = GRANTED + timedelta(days=30)


def ceased(record: Record, **changes) -> Record:
    record.state(LATER, act="cease", status="ceased", symbol_allowed=False, **changes)
    return record


def test_a_body_that_ceased_signs_nothing_more_and_what_it_signed_stands() -> None:
    record = ceased(granted())
    assert found(checked(record)) == ("passed", "signed")
    record.act("suspend", LATER + timedelta(days=1), until="2026-08-01")
    assert found(checked(record)) == ("failed", "key_not_bound")


def test_a_withdrawn_accreditation_leaves_the_body_its_key() -> None:
    record = granted()
    record.withdraw_accreditation(LATER)
    record.act("suspend", LATER + timedelta(days=1), until="2026-08-01")
    assert found(checked(record)) == ("passed", "signed")


@pytest.mark.parametrize(
    ("other", "code"), [({}, "signed"), ({"act": "withdraw", "status": "withdrawn"}, "key_not_bound")]
)
def test_a_live_accreditation_that_binds_the_key_keeps_it(other: dict[str, str], code: str) -> None:
    record = granted()
    second = {"accreditation": SECOND["accreditation"]}
    record.state(GRANTED, **second, statement_no=1)
    record.bind(GRANTED, **second)
    if other:
        record.state(GRANTED, **second, **other, statement_no=2)
    ceased(record, statement_no=2)
    record.act("suspend", LATER + timedelta(days=1), until="2026-08-01")
    assert found(checked(record))[1] == code


def test_an_unknown_accreditor_freezes_nobody_s_key() -> None:
    record = with_second(accreditations=[ACCREDITATION.id])
    ceased(record, **SECOND, signer=world().stranger, statement_no=2)
    record.act("suspend", LATER + timedelta(days=1), until="2026-08-01")
    assert found(checked(record)) == ("passed", "signed_as_needed")
