"""The chain check: the right party's key, at the right time, for the right purpose; each refusal with its own code."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from app.trust.anchors import Anchors, Authority
from app.trust.certificates import ANY_POLICY, DEVELOPMENT_POLICY, DOCUMENT_SIGNING, POLICY_OF, ChainRefused, Purpose
from app.trust.chain import check_chain
from tests.support.certificates import (
    BEGIN,
    OTHER_PARTY,
    PARTY,
    addresses,
    did_address,
    issue,
    key_usage,
    name,
    policies,
)

AT = BEGIN + timedelta(days=30)
ROOT = issue(ca=True, subject=name("Root"), days=7300, policies=None)
ISSUING = issue(ROOT, ca=True, subject=name("Issuing CA"), days=3650)
LEAF = issue(ISSUING)
AUTHORITY = Authority(
    party="root", certificate=ROOT.certificate, valid_from=BEGIN, valid_to=BEGIN + timedelta(days=200)
)
ANCHORS = Anchors(authorities=(AUTHORITY,))
CHAIN = [LEAF.der, ISSUING.der]


def check(chain=CHAIN, anchors=ANCHORS, at=AT, party=PARTY, **options):
    return check_chain(chain, anchors, at, party=party, **options)


def refusal(chain=CHAIN, **options):
    with pytest.raises(ChainRefused) as raised:
        check(chain, **options)
    return raised.value.code


def with_leaf(**properties):
    return [issue(ISSUING, **properties).der, ISSUING.der]


def test_a_good_chain_gives_the_key_and_whose_it_is():
    checked = check()
    assert checked.public_key == LEAF.key.public_key()
    assert (checked.party, checked.organization, checked.development) == (PARTY, "Certification Body", False)
    assert checked.authority is AUTHORITY


def test_a_leaf_may_stand_directly_under_the_anchor():
    assert check([issue(ROOT).der]).party == PARTY


def test_a_self_made_chain_is_untrusted():
    own_root = issue(ca=True, subject=name("Root"))
    own_issuing = issue(own_root, ca=True, subject=name("Issuing CA"))
    assert refusal([issue(own_issuing).der, own_issuing.der]) == "chain_untrusted"
    assert refusal([issue().der]) == "chain_untrusted"


def test_a_chain_without_its_intermediate_is_untrusted():
    assert refusal([LEAF.der]) == "chain_untrusted"


def test_a_signature_by_another_key_under_the_same_name_is_untrusted():
    assert refusal(with_leaf(signing_key=ec.generate_private_key(ec.SECP256R1()))) == "chain_untrusted"


@settings(max_examples=120)
@given(st.integers(0, len(LEAF.der) - 1), st.integers(1, 255))
def test_a_leaf_in_which_any_byte_was_changed_is_refused(place, difference):
    damaged = bytearray(LEAF.der)
    damaged[place] ^= difference
    with pytest.raises(ChainRefused):
        check([bytes(damaged), ISSUING.der])


def test_no_bit_of_a_signature_is_called_unused():
    """Nothing signs that count, and a signature that ends in a zero bit would bear it: one certificate, two files."""
    leaf = next(one for one in (issue(ISSUING) for _ in range(60)) if one.der[-1] % 2 == 0)
    before = len(leaf.der) - len(leaf.certificate.signature) - 1
    assert leaf.der[before] == 0
    with pytest.raises(ChainRefused, match="chain_malformed"):
        check([leaf.der[:before] + b"\x01" + leaf.der[before + 1 :], ISSUING.der])


def test_without_any_authority_in_force_nothing_is_trusted():
    assert refusal(anchors=Anchors()) == "chain_untrusted"
    assert refusal(at=BEGIN + timedelta(days=200)) == "chain_untrusted"


def test_an_authority_accepted_for_named_bodies_says_nothing_about_others():
    limited = Anchors(
        authorities=(Authority(party="x", certificate=ROOT.certificate, valid_from=BEGIN, bodies=(OTHER_PARTY,)),)
    )
    assert refusal(anchors=limited) == "chain_untrusted"


def test_validity_is_judged_at_the_instant_given_and_its_ends_are_inside():
    first, last = BEGIN + timedelta(days=5), BEGIN + timedelta(days=15)
    chain = with_leaf(begin=first, days=10)
    assert check(chain, at=first).party == check(chain, at=last).party == PARTY
    assert refusal(chain, at=first - timedelta(seconds=1)) == "chain_not_yet_valid"
    assert refusal(chain, at=last + timedelta(seconds=1)) == "chain_expired"


def test_an_intermediate_that_had_ended_refuses_too():
    short = issue(ROOT, ca=True, subject=name("Short CA"), days=10)
    chain = [issue(short).der, short.der]
    assert check(chain, at=BEGIN + timedelta(days=5)).party == PARTY
    assert refusal(chain) == "chain_expired"


def test_an_anchor_whose_certificate_had_ended_is_no_end_of_a_path():
    root = issue(ca=True, subject=name("Old root"), days=10)
    anchors = Anchors(authorities=(Authority(party="x", certificate=root.certificate, valid_from=BEGIN),))
    assert refusal([issue(root).der], anchors=anchors) == "chain_untrusted"


def test_another_bodys_good_chain_is_refused():
    """Issuer binding: not merely a good chain, but the right body's."""
    assert refusal(party=OTHER_PARTY) == "chain_wrong_party"


@pytest.mark.parametrize(
    "uris",
    [
        (did_address(PARTY), did_address(OTHER_PARTY)),
        (did_address(OTHER_PARTY),),
        (did_address(PARTY) + "?x",),
        (did_address(PARTY) + "#key",),
        (did_address(PARTY.upper().replace("2", "A")),),
        (f"https://registry.example/organisations/{PARTY}/did.json",),
        (f"https://registry.example/bodies/{PARTY}/did.json/bodies/{OTHER_PARTY}/did.json", did_address(PARTY)),
        (f"did:web:registry.example:bodies:{PARTY}",),
        (f"https:///bodies/{PARTY}/did.json",),
        (f"ftp://registry.example/bodies/{PARTY}/did.json",),
    ],
)
def test_an_address_that_does_not_name_the_party_or_names_another_is_refused(uris):
    assert refusal(with_leaf(names=(addresses(*uris), False))) == "chain_wrong_party"


@pytest.mark.parametrize(
    "uri", [f"http://localhost:8000/bodies/{PARTY}/did.json", f"https://a.example/registry/bodies/{PARTY}/did.json"]
)
def test_the_address_of_any_installation_names_its_party(uri):
    assert check(with_leaf(names=(addresses(uri), False))).party == PARTY


def test_a_legal_identifier_names_the_party_where_it_is_known():
    identifier = "NTRJP-1010001000005"
    chain = with_leaf(names=None, subject=name("Certification Body", identifier=identifier))
    assert check(chain, organization_identifiers=[identifier, "LEIXG-1"]).party == PARTY
    assert refusal(chain) == "chain_wrong_party"
    assert refusal(chain, organization_identifiers=["NTRJP-7000012050002"]) == "chain_wrong_party"


def test_a_legal_identifier_that_contradicts_the_address_refuses():
    chain = with_leaf(subject=name("Certification Body", identifier="NTRJP-1"))
    assert check(chain).party == PARTY
    assert refusal(chain, organization_identifiers=["NTRJP-2"]) == "chain_wrong_party"
    assert check(chain, organization_identifiers=["NTRJP-1"]).party == PARTY


def test_a_certificate_that_names_nobody_is_refused():
    assert refusal(with_leaf(names=None)) == "chain_wrong_party"
    dns = x509.SubjectAlternativeName([x509.DNSName("registry.example")])
    assert refusal(with_leaf(names=(dns, False))) == "chain_wrong_party"


def test_a_certificate_for_another_purpose_is_refused():
    assert refusal(purpose=Purpose.SUSPEND) == "chain_wrong_purpose"
    assert refusal(with_leaf(policies=None)) == "chain_wrong_purpose"
    assert refusal(with_leaf(policies=(policies(ANY_POLICY), False))) == "chain_wrong_purpose"
    both = policies(POLICY_OF[Purpose.CERTIFY], POLICY_OF[Purpose.SUSPEND])
    assert check(with_leaf(policies=(both, False)), purpose=Purpose.SUSPEND).party == PARTY


def test_a_ca_limited_to_other_policies_cannot_certify_this_one():
    for limit in (None, (policies(POLICY_OF[Purpose.SUSPEND]), False)):
        issuing = issue(ROOT, ca=True, subject=name("Limited CA"), policies=limit)
        assert refusal([issue(issuing).der, issuing.der]) == "chain_wrong_purpose"
    issuing = issue(ROOT, ca=True, policies=(policies(POLICY_OF[Purpose.CERTIFY]), False))
    assert check([issue(issuing).der, issuing.der]).party == PARTY


@pytest.mark.parametrize(
    "properties",
    [
        {"purposes": None},
        {"purposes": (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)},
        {"purposes": (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]), False)},
        {"usage": None},
        {"usage": (key_usage("content_commitment"), True)},
        {
            "usage": (key_usage("digital_signature", "key_cert_sign"), True),
            "constraints": (x509.BasicConstraints(ca=True, path_length=None), True),
        },
    ],
)
def test_a_certificate_that_does_not_sign_documents_is_refused(properties):
    assert refusal(with_leaf(**properties)) == "chain_wrong_usage"


def test_a_leaf_that_may_sign_certificates_is_refused_though_it_is_no_ca():
    usage = (key_usage("digital_signature", "key_cert_sign"), True)
    assert refusal(with_leaf(usage=usage, constraints=None)) in {"chain_wrong_usage", "chain_untrusted"}


def test_a_leaf_without_basic_constraints_is_an_end_entity():
    assert check(with_leaf(constraints=None)).party == PARTY


def test_a_ca_limited_to_other_usages_cannot_certify_signers():
    issuing = issue(ROOT, ca=True, purposes=(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False))
    assert refusal([issue(issuing).der, issuing.der]) == "chain_wrong_usage"
    for usage in (DOCUMENT_SIGNING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE):
        issuing = issue(ROOT, ca=True, purposes=(x509.ExtendedKeyUsage([usage]), False))
        assert check([issue(issuing).der, issuing.der]).party == PARTY


@pytest.mark.parametrize(
    "properties",
    [
        {"constraints": None},
        {"constraints": (x509.BasicConstraints(ca=False, path_length=None), True)},
        {"constraints": (x509.BasicConstraints(ca=True, path_length=None), False)},
        {"usage": None},
        {"usage": (key_usage("digital_signature", "crl_sign"), True)},
    ],
)
def test_a_certificate_that_is_no_ca_certifies_nobody(properties):
    issuing = issue(ROOT, ca=True, **properties)
    assert refusal([issue(issuing).der, issuing.der]) == "chain_untrusted"


def test_path_length_constraints_hold():
    no_cas_below = issue(
        ROOT, ca=True, subject=name("Last CA"), constraints=(x509.BasicConstraints(ca=True, path_length=0), True)
    )
    below = issue(no_cas_below, ca=True, subject=name("One too many"))
    assert check([issue(no_cas_below).der, no_cas_below.der]).party == PARTY
    assert refusal([issue(below).der, below.der, no_cas_below.der]) == "chain_untrusted"


def _deep(levels):
    issuers = [ROOT]
    for level in range(levels - 1):
        issuers.append(issue(issuers[-1], ca=True, subject=name(f"CA {level}")))
    return [issue(issuers[-1]).der, *(issuer.der for issuer in reversed(issuers[1:]))]


def test_five_certificates_are_a_path_and_six_are_not():
    assert check(_deep(5)).party == PARTY
    assert refusal(_deep(6)) == "chain_too_long"


@pytest.mark.parametrize("critical_in", ["leaf", "issuing"])
def test_an_unknown_critical_extension_refuses(critical_in):
    unknown = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.32473.1"), b"\x05\x00"), True)
    issuing = issue(ROOT, ca=True, **({"extra": unknown} if critical_in == "issuing" else {}))
    leaf = issue(issuing, **({"extra": unknown} if critical_in == "leaf" else {}))
    assert refusal([leaf.der, issuing.der]) == "chain_unknown_extension"


def test_an_unknown_extension_that_is_not_critical_is_ignored():
    harmless = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.32473.1"), b"\x05\x00"), False)
    assert check(with_leaf(extra=harmless)).party == PARTY


def test_certificates_beside_the_path_out_of_order_or_the_anchor_itself_are_refused():
    """RFC 7515 §4.1.6: leaf first, each certified by the next; nothing may travel unused."""
    stray = issue(ROOT, ca=True, subject=name("Stray"))
    for chain in (
        [LEAF.der, ISSUING.der, stray.der],
        [LEAF.der, ISSUING.der, ROOT.der],
        [LEAF.der, ISSUING.der, ISSUING.der],
        [LEAF.der, stray.der, ISSUING.der],
        [ISSUING.der, LEAF.der],
    ):
        assert refusal(chain) == "chain_malformed"


def test_an_empty_or_unreadable_chain_is_malformed_and_the_certificate_is_named():
    assert refusal([]) == "chain_malformed"
    with pytest.raises(ChainRefused) as raised:
        check([LEAF.der, b"junk"])
    assert (raised.value.code, raised.value.note) == ("chain_malformed", "certificate 2: not a certificate in DER")


def test_a_key_that_is_not_p256_is_refused():
    assert refusal(with_leaf(key=ec.generate_private_key(ec.SECP384R1()))) == "chain_wrong_key"


def test_an_authority_may_hold_a_p384_key():
    root = issue(ca=True, subject=name("P-384 root"), key=ec.generate_private_key(ec.SECP384R1()))
    anchors = Anchors(authorities=(Authority(party="x", certificate=root.certificate, valid_from=BEGIN),))
    assert check([issue(root).der], anchors=anchors).party == PARTY


def test_a_development_certificate_is_refused_in_these_words_under_production_anchors():
    marked = (policies(POLICY_OF[Purpose.CERTIFY], DEVELOPMENT_POLICY), False)
    assert refusal(with_leaf(policies=marked)) == "chain_development"
    assert refusal([issue(policies=marked).der]) == "chain_development"


def test_a_development_certificate_does_not_pass_because_some_other_anchor_is_for_development():
    marked = (policies(POLICY_OF[Purpose.CERTIFY], DEVELOPMENT_POLICY), False)
    other = issue(ca=True, subject=name("Root (DEVELOPMENT ONLY)"))
    anchors = Anchors(
        authorities=(AUTHORITY, Authority(party="d", certificate=other.certificate, valid_from=BEGIN, development=True))
    )
    assert refusal(with_leaf(policies=marked), anchors=anchors) == "chain_development"
    assert not check(anchors=anchors).development
    assert check([issue(other).der], anchors=anchors).development


def test_the_instant_is_an_argument_and_never_the_present():
    assert check(at=datetime.fromisoformat("2026-03-01T09:00:00+09:00")).party == PARTY
