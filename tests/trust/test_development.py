"""The development chain has the shape of the real one, says what it is, and never leaves a private key behind."""

import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from app.keys.software import KeyFolder, generate_software_key
from app.trust.anchors import Anchors, parse_anchors
from app.trust.certificates import (
    DEVELOPMENT_ONLY,
    DEVELOPMENT_POLICY,
    POLICY_OF,
    ChainRefused,
    Purpose,
    policies_of,
    read_certificate,
)
from app.trust.chain import check_chain
from app.trust.development import Holder, write_development_chain
from tests.support.certificates import BEGIN, PARTY, did_address, policies

AB = Holder("11111111-1111-4111-8111-111111111111", "架空認定機構", "JP")
BODY = Holder(PARTY, "架空認証 & Co", "JP", "NTRJP-1010001000005")
KEY = generate_software_key()
AT = BEGIN + timedelta(days=30)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("development")
    chain = write_development_chain(
        folder / "certs", KeyFolder(folder / "keys", "a development secret"), not_before=BEGIN
    )
    presented = chain.issue(
        KEY.public_key,
        BODY,
        did_address=did_address(PARTY),
        accreditation_body=AB,
        not_before=BEGIN + timedelta(microseconds=5),
    )
    return chain, presented


def test_a_leaf_is_good_for_whoever_chose_the_development_anchor(written):
    chain, presented = written
    checked = check_chain(presented, Anchors(authorities=(chain.anchor,)), AT, party=PARTY)
    assert checked.development
    assert checked.public_key == KEY.public_key


def test_it_is_refused_for_everybody_else(written):
    _, presented = written
    with pytest.raises(ChainRefused) as refusal:
        check_chain(presented, Anchors(), AT, party=PARTY)
    assert refusal.value.code == "chain_development"


def test_its_anchor_cannot_be_written_as_a_production_one(written):
    anchors = Anchors(authorities=(written[0].anchor,))
    assert parse_anchors(anchors.as_json()) == anchors
    assert anchors.as_json()[0]["development"] is True


def test_every_certificate_says_what_it_is_in_every_name(written):
    chain, presented = written
    for certificate in (chain.root, *map(read_certificate, presented)):
        for attribute in certificate.subject:
            if attribute.oid in {x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME}:
                assert DEVELOPMENT_ONLY in attribute.value
                assert len(attribute.value) <= 64


def test_the_leaf_has_the_policies_of_its_purposes_and_of_development(written):
    chain, presented = written
    assert policies_of(read_certificate(presented[0])) == {POLICY_OF[Purpose.CERTIFY], DEVELOPMENT_POLICY}
    suspend = chain.issue(
        KEY.public_key,
        BODY,
        did_address=did_address(PARTY),
        accreditation_body=AB,
        not_before=BEGIN,
        purposes=[Purpose.SUSPEND],
    )
    assert policies_of(read_certificate(suspend[0])) == {POLICY_OF[Purpose.SUSPEND], DEVELOPMENT_POLICY}


def test_a_leaf_ends_within_27_months_and_never_after_its_issuer(written):
    chain, presented = written
    leaf, issuing = map(read_certificate, presented)
    assert leaf.not_valid_after_utc < BEGIN + timedelta(days=819)
    late = issuing.not_valid_after_utc - timedelta(days=5)
    last = chain.issue(KEY.public_key, BODY, did_address=did_address(PARTY), accreditation_body=AB, not_before=late)
    assert read_certificate(last[0]).not_valid_after_utc == issuing.not_valid_after_utc


def test_each_accreditation_body_has_one_issuing_ca(written):
    chain, presented = written
    again = chain.issue(KEY.public_key, BODY, did_address=did_address(PARTY), accreditation_body=AB, not_before=BEGIN)
    other = Holder("44444444-4444-4444-8444-444444444444", "A body with a very long name " * 5, "GB")
    elsewhere = chain.issue(
        KEY.public_key, BODY, did_address=did_address(PARTY), accreditation_body=other, not_before=BEGIN
    )
    assert again[1] == presented[1]
    assert again[0] != presented[0]
    assert elsewhere[1] != presented[1]
    assert check_chain(elsewhere, Anchors(authorities=(chain.anchor,)), AT, party=PARTY).party == PARTY


def test_writing_again_opens_what_is_there(written):
    chain, presented = written
    again = write_development_chain(chain.folder, chain.keys, not_before=AT)
    assert again.root == chain.root
    assert again.issuing(AB, not_before=AT) == read_certificate(presented[1])


def test_the_folder_holds_public_certificates_only_and_keys_are_encrypted_elsewhere(written):
    chain, _ = written
    files = sorted(chain.folder.iterdir())
    assert all(read_certificate(file.read_bytes()) for file in files)
    assert {file.suffix for file in files} == {".cer"}
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in chain.keys.path.iterdir())


def _findings(certificate, folder):
    """What pkilint says about a certificate, but for notices."""
    path = folder / "linted.cer"
    path.write_bytes(certificate.public_bytes(Encoding.DER))
    linter = Path(sys.executable).with_name("lint_pkix_cert")
    run = subprocess.run([linter, "lint", "-s", "NOTICE", path], capture_output=True, text=True, check=False)
    return run.stdout.strip()


def _with_small_policies(leaf):
    """The same certificate with policies of RFC 5612's documentation arc in place of ours."""
    builder = x509.CertificateBuilder(
        issuer_name=leaf.issuer,
        subject_name=leaf.subject,
        public_key=leaf.public_key(),
        serial_number=leaf.serial_number,
        not_valid_before=leaf.not_valid_before_utc,
        not_valid_after=leaf.not_valid_after_utc,
    )
    for extension in leaf.extensions:
        value = extension.value
        if isinstance(value, x509.CertificatePolicies):
            value = policies(
                *(x509.ObjectIdentifier(f"1.3.6.1.4.1.32473.{place}") for place in range(len(list(value))))
            )
        builder = builder.add_extension(value, extension.critical)
    return builder.sign(KEY.authority(), hashes.SHA256())


def test_pkilint_finds_nothing_in_root_and_issuing_ca(written, tmp_path):
    """C040: names of every certificate that we make are linted."""
    chain, presented = written
    assert _findings(chain.root, tmp_path) == ""
    assert _findings(read_certificate(presented[1]), tmp_path) == ""


def test_pkilint_finds_nothing_in_a_leaf_but_its_own_limit_on_identifiers(written, tmp_path):
    """pkilint 0.13 cannot read identifiers with an arc above 32 bits, which `2.25.<UUID>` has by definition (X.667).

    That one finding is the exception; with small identifiers in their place everything else is linted, without finding.
    """
    leaf = read_certificate(written[1][0])
    assert "OID contains arc which is larger than 32-bits" in _findings(leaf, tmp_path)
    assert _findings(_with_small_policies(leaf), tmp_path) == ""
