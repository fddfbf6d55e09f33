"""The anchors file: whom a verifier trusts, for what, and when; all faults named at once."""

from datetime import UTC, datetime, timedelta

import pytest

from app.keys.encoding import b64
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key
from app.trust.anchors import Anchors, Authority, KeyAnchor, MalformedAnchors, Role, parse_anchors
from tests.support.certificates import BEGIN, PARTY, issue, name

AB = "11111111-1111-4111-8111-111111111111"
KEY = generate_software_key()
CA = issue(ca=True)
END = BEGIN + timedelta(days=100)
AB_ENTRY = {
    "party": AB,
    "role": "accreditation_body",
    "key": public_jwk(KEY.public_key),
    "from": "2026-01-01T00:00:00Z",
    "to": "2026-04-11T00:00:00Z",
    "name": "架空認定機構",
}
PUBLICATION_ENTRY = {
    "party": "https://registry.example",
    "role": "publication",
    "key": public_jwk(KEY.public_key),
    "from": "2026-01-01T00:00:00Z",
    "to": None,
}
CA_ENTRY = {
    "party": AB,
    "role": "ca",
    "certificate": b64(CA.der),
    "from": "2026-01-01T00:00:00Z",
    "to": None,
    "bodies": [PARTY],
}


def _faults(presented):
    with pytest.raises(MalformedAnchors) as refusal:
        parse_anchors(presented)
    assert refusal.value.code == "malformed_anchors"
    return [fault.field for fault in refusal.value.faults]


def test_a_file_is_read_and_written_back_the_same():
    entries = [AB_ENTRY, PUBLICATION_ENTRY, CA_ENTRY]
    anchors = parse_anchors(entries)
    assert anchors.as_json() == entries
    assert parse_anchors(anchors.as_json()) == anchors
    assert anchors.ca_certificates == (CA.certificate,)
    assert not anchors.development


def test_no_anchors_is_a_list_too():
    assert parse_anchors([]) == Anchors()
    assert Anchors().as_json() == []


def test_a_key_is_trusted_for_its_party_and_its_period_only():
    anchors = parse_anchors([AB_ENTRY])
    assert anchors.accreditation_key(AB, KEY.thumbprint, BEGIN) == KEY.public_key
    assert anchors.accreditation_key(AB, KEY.thumbprint, END - timedelta(seconds=1)) == KEY.public_key
    for party, wanted, at in (
        (PARTY, KEY.thumbprint, BEGIN),
        (AB, generate_software_key().thumbprint, BEGIN),
        (AB, KEY.thumbprint, BEGIN - timedelta(seconds=1)),
        (AB, KEY.thumbprint, END),
    ):
        assert anchors.accreditation_key(party, wanted, at) is None
    assert anchors.publication_key(KEY.thumbprint, BEGIN) is None


def test_the_publication_key_cannot_accredit():
    anchors = parse_anchors([PUBLICATION_ENTRY])
    assert anchors.publication_key(KEY.thumbprint, BEGIN + timedelta(days=9999)) == KEY.public_key
    assert anchors.publication_key(KEY.thumbprint, BEGIN - timedelta(days=1)) is None
    assert anchors.publication_key(generate_software_key().thumbprint, BEGIN) is None
    assert anchors.accreditation_key(PUBLICATION_ENTRY["party"], KEY.thumbprint, BEGIN) is None


def test_an_authority_speaks_for_the_bodies_named_or_for_all():
    named, unnamed = parse_anchors([CA_ENTRY, {**CA_ENTRY, "bodies": None}]).authorities
    assert named.speaks_for(PARTY)
    assert not named.speaks_for(AB)
    assert unnamed.speaks_for(AB)


@pytest.mark.parametrize("entry", [{**AB_ENTRY, "development": True}, {**CA_ENTRY, "development": True}])
def test_one_development_entry_marks_the_whole_file(entry):
    anchors = parse_anchors([PUBLICATION_ENTRY, entry])
    assert anchors.development
    assert parse_anchors(anchors.as_json()) == anchors


def test_a_development_certificate_cannot_be_entered_as_a_production_anchor():
    certificate = b64(issue(ca=True, subject=name("Root (DEVELOPMENT ONLY)")).der)
    assert _faults([{**CA_ENTRY, "certificate": certificate}]) == ["/0/certificate"]
    assert _faults([{**CA_ENTRY, "certificate": certificate, "development": False}]) == ["/0/certificate"]
    assert parse_anchors([{**CA_ENTRY, "certificate": certificate, "development": True}]).development


@pytest.mark.parametrize("presented", [None, {}, "[]", [AB_ENTRY] * 1001])
def test_a_file_that_is_no_list_or_too_long_is_refused(presented):
    assert _faults(presented) == [""]


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        (7, ["/0/role"]),
        ({}, ["/0/role"]),
        ({**AB_ENTRY, "role": "root"}, ["/0/role"]),
        ({**AB_ENTRY, "role": ["ca"]}, ["/0/role"]),
        ({**AB_ENTRY, "certificate": "AAAA"}, ["/0/certificate"]),
        ({**AB_ENTRY, "surprise": 1}, ["/0/surprise"]),
        ({**AB_ENTRY, "party": ""}, ["/0/party"]),
        ({**AB_ENTRY, "party": "a\nb"}, ["/0/party"]),
        ({**AB_ENTRY, "party": None}, ["/0/party"]),
        ({**AB_ENTRY, "name": 1}, ["/0/name"]),
        ({**AB_ENTRY, "from": None}, ["/0/from"]),
        ({**AB_ENTRY, "from": "2026-01-01"}, ["/0/from"]),
        ({**AB_ENTRY, "from": "2026-02-30T00:00:00Z"}, ["/0/from"]),
        ({**AB_ENTRY, "to": "2026-01-01T00:00:00+09:00"}, ["/0/to"]),
        ({**AB_ENTRY, "to": AB_ENTRY["from"]}, ["/0/to"]),
        ({**AB_ENTRY, "development": "yes"}, ["/0/development"]),
        ({**AB_ENTRY, "key": {**AB_ENTRY["key"], "d": "AA"}}, ["/0/key"]),
        ({**AB_ENTRY, "key": None}, ["/0/key"]),
        ({**CA_ENTRY, "key": AB_ENTRY["key"]}, ["/0/key"]),
        ({**CA_ENTRY, "certificate": None}, ["/0/certificate"]),
        ({**CA_ENTRY, "certificate": b64(b"0")}, ["/0/certificate"]),
        ({**CA_ENTRY, "certificate": b64(CA.der) + "\n"}, ["/0/certificate"]),
        ({**CA_ENTRY, "certificate": b64(issue().der)}, ["/0/certificate"]),
        ({**CA_ENTRY, "certificate": b64(issue(ca=True, constraints=None).der)}, ["/0/certificate"]),
        ({**CA_ENTRY, "bodies": PARTY}, ["/0/bodies"]),
        ({**CA_ENTRY, "bodies": [1]}, ["/0/bodies"]),
        ({"role": "ca"}, ["/0/certificate", "/0/from", "/0/party", "/0/to", "/0/party", "/0/from", "/0/certificate"]),
    ],
)
def test_each_fault_is_named_at_its_place(entry, fields):
    assert _faults([entry]) == fields


def test_all_faults_of_all_entries_are_named_at_once():
    assert _faults([AB_ENTRY, {**AB_ENTRY, "party": ""}, {**CA_ENTRY, "to": "never", "bodies": 1}]) == [
        "/1/party",
        "/2/to",
        "/2/bodies",
    ]


def test_anchors_can_be_put_together_in_code():
    anchors = Anchors(
        keys=(KeyAnchor(party=AB, role=Role.ACCREDITATION_BODY, key=KEY.public_key, valid_from=BEGIN),),
        authorities=(Authority(party=AB, certificate=CA.certificate, valid_from=datetime(2026, 1, 1, tzinfo=UTC)),),
    )
    assert parse_anchors(anchors.as_json()) == anchors
