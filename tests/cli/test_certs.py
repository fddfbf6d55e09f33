"""`akashi certs`: development chains that say what they are, and requests for a real CA."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509

from app.cli.chain_files import read_chain
from app.cli.verify import read_anchors
from app.trust.certificates import is_for_development


def test_a_development_root_becomes_an_anchor_once(installed):
    made = installed.done("certs", "development")
    installed.done("certs", "development")

    anchors = read_anchors(installed.var / "anchors.json")
    assert [one.development for one in anchors.authorities] == [True]
    assert made["anchors"] == str(installed.var / "anchors.json")


def test_a_chain_names_the_body_and_says_development(installed):
    board, body = installed.add_accreditation_body(), installed.add_certification_body()

    made = installed.done("certs", "development", body, "--accreditation-body", board)

    leaf = x509.load_der_x509_certificate(read_chain(made["chain"])[0])
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [
        f"http://localhost:8000/bodies/{body}/did.json"
    ]
    assert is_for_development(leaf)


def test_a_chain_without_an_accreditation_body_is_refused(installed):
    body = installed.add_certification_body()
    assert installed.refused("certs", "development", body) == "accreditation_body_missing"


def test_a_request_is_made_for_a_ca_outside(installed):
    body = installed.add_certification_body()

    made = installed.done("certs", "request", body)

    request = x509.load_pem_x509_csr(Path(made["request"]).read_bytes())
    assert request.is_signature_valid
    assert installed.done("certs", "request", body, "--key", made["key"])["key"] == made["key"]


def test_a_party_that_is_not_here_is_refused(installed):
    nobody = "00000000-0000-4000-8000-000000000000"
    assert installed.refused("certs", "request", nobody) == "unknown_party"
