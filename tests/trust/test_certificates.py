"""A certificate is read completely or refused with a plain reason."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.trust.certificates import (
    DEVELOPMENT_POLICY,
    POLICY_OF,
    ChainRefused,
    Purpose,
    extension,
    is_for_development,
    organization_of,
    p256_key,
    policies_of,
    read_certificate,
)
from tests.support.certificates import issue, name, policies

LEAF = issue()


def _reencoded(organization, tag, content):
    """A certificate whose organisation is given another string type or other bytes, as careless authorities do."""
    der = issue(subject=name(organization)).der
    utf8 = b"\x0c" + bytes([len(organization.encode())]) + organization.encode()
    assert der.count(utf8) == 2
    return der.replace(utf8, bytes([tag, len(content)]) + content)


def test_a_certificate_is_read():
    assert read_certificate(LEAF.der) == LEAF.certificate


@pytest.mark.parametrize(
    "der", [b"", b"0", b"-----BEGIN CERTIFICATE-----", LEAF.der + b"\0", LEAF.der[:-1], LEAF.der[1:]]
)
def test_what_is_no_certificate_in_der_is_refused(der):
    with pytest.raises(ChainRefused) as refusal:
        read_certificate(der)
    assert (refusal.value.code, refusal.value.note) == ("chain_malformed", "not a certificate in DER")


def test_a_printable_string_that_holds_other_characters_is_refused_in_words():
    """C040: `Wells & Co` as PrintableString; some libraries accept it, so the reason must be plain."""
    with pytest.raises(ChainRefused) as refusal:
        read_certificate(_reencoded("Wells & Co", 0x13, b"Wells & Co"))
    assert refusal.value.code == "chain_malformed"
    assert "PrintableString" in refusal.value.note


def test_the_same_name_as_utf8_string_is_read():
    """C040: RFC 5280 §4.1.2.4."""
    assert organization_of(read_certificate(issue(subject=name("Wells & Co")).der)) == "Wells & Co"


@pytest.mark.parametrize("tag", [0x0C, 0x14])
def test_a_latin_1_byte_in_a_name_is_refused_before_anything_shows_the_name(tag):
    """C041: `T\\xf4kyo` tagged UTF8String parses and only explodes when the name is printed."""
    with pytest.raises(ChainRefused) as refusal:
        read_certificate(_reencoded("Txkyo", tag, b"T\xf4kyo"))
    assert refusal.value.code == "chain_malformed"
    assert "subject" in refusal.value.note or "issuer" in refusal.value.note


def test_an_extension_that_breaks_its_own_encoding_is_refused():
    broken = issue(names=(x509.UnrecognizedExtension(x509.SubjectAlternativeName.oid, b"\x30\x03\x01"), False))
    with pytest.raises(ChainRefused) as refusal:
        read_certificate(broken.der)
    assert refusal.value.note.startswith("the extensions")


@settings(max_examples=150)
@given(st.integers(0, len(LEAF.der) - 1), st.integers(1, 255))
def test_a_damaged_certificate_is_read_or_refused_and_never_anything_else(place, difference):
    damaged = bytearray(LEAF.der)
    damaged[place] ^= difference
    try:
        certificate = read_certificate(bytes(damaged))
    except ChainRefused:
        return
    assert str(certificate.subject)


@pytest.mark.parametrize("serial", [b"\x80", b"\xff", b"\x00"], ids=["most negative", "minus one", "zero"])
def test_a_serial_number_that_is_not_positive_is_refused_in_words(serial):
    """RFC 5280 §4.1.2.2; found by the damaged inputs of R24."""
    der = issue().der
    number = x509.load_der_x509_certificate(der).serial_number
    size = (number.bit_length() // 8) + 1
    written = number.to_bytes(size, "big", signed=True)
    padded = serial if serial == b"\x00" else serial + b"\x01" * (size - 1)
    changed = der.replace(b"\x02" + bytes([size]) + written, b"\x02" + bytes([size]) + padded.ljust(size, b"\0"), 1)
    assert changed != der

    with pytest.raises(ChainRefused, match="serial number is not positive"):
        read_certificate(changed)


def test_a_country_of_three_letters_is_refused_and_not_only_warned_of():
    country = issue().der.replace(b"\x06\x03\x55\x04\x06\x13\x02", b"\x06\x03\x55\x04\x03\x13\x02", 1)
    common_name_as_country = country.replace(b"\x06\x03\x55\x04\x0a", b"\x06\x03\x55\x04\x06", 1)
    assert common_name_as_country != issue().der

    with pytest.raises(ChainRefused, match="length that it cannot have"):
        read_certificate(common_name_as_country)


def test_every_single_changed_byte_is_read_or_refused():
    """R24: among these are a BIT STRING in a name and a negative serial number, which the library lets through."""
    der = LEAF.der
    notes = []
    for place in range(len(der)):
        for value in {0x00, 0x03, 0x06, 0x1E, 0x80, 0xFF, *(der[place] ^ 1 << bit for bit in range(8))}:
            try:
                read_certificate(der[:place] + bytes([value]) + der[place + 1 :])
            except ChainRefused as refusal:
                notes.append(refusal.note)
    assert notes
    assert all(notes)


def test_a_serial_number_is_sought_in_a_cut_off_certificate_without_failing():
    der = issue().der
    for end in range(40):
        with pytest.raises(ChainRefused):
            read_certificate(der[:end])


def test_every_purpose_has_a_policy_of_its_own():
    assert set(POLICY_OF) == set(Purpose)
    assert len({*POLICY_OF.values(), DEVELOPMENT_POLICY}) == len(Purpose) + 1
    assert all(policy.dotted_string.startswith("2.25.") for policy in POLICY_OF.values())


def test_policies_and_extensions_that_are_absent_read_as_nothing():
    bare = issue(policies=None, names=None).certificate
    assert policies_of(bare) == frozenset()
    assert extension(bare, x509.SubjectAlternativeName) is None


def test_a_certificate_is_for_development_by_its_policy_or_by_its_name():
    assert not is_for_development(LEAF.certificate)
    assert is_for_development(issue(policies=(policies(DEVELOPMENT_POLICY), False)).certificate)
    assert is_for_development(issue(subject=name("X (DEVELOPMENT ONLY)")).certificate)


def test_only_a_p256_key_is_taken_from_a_certificate():
    assert p256_key(LEAF.certificate) == LEAF.key.public_key()
    for key in (ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)):
        with pytest.raises(ChainRefused) as refusal:
            p256_key(issue(key=key).certificate)
        assert refusal.value.code == "chain_wrong_key"
