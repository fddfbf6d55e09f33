"""`akashi parties` on an installation of its own: bodies and keys, and what is refused."""

from __future__ import annotations

import json

import pytest

from app.cli.verify import read_anchors
from app.trust.anchors import Role
from tests.support.installed import PUBLIC_INFORMATION

WHERE = ("--country", "JP", "--time-zone", "Asia/Tokyo")


def test_an_accreditation_body_and_its_key_become_an_anchor(installed):
    party = installed.add_accreditation_body()

    anchors = read_anchors(installed.var / "anchors.json")
    own = [one for one in anchors.keys if one.party == party]
    assert [one.role for one in own] == [Role.ACCREDITATION_BODY]
    listed = {one["party"]: one for one in installed.done("parties", "list")}
    assert listed[party]["keys"] == [own[0].thumbprint]
    assert listed[party]["kind"] == "accreditation_body"


def test_a_certification_body_needs_its_public_information(installed):
    short = PUBLIC_INFORMATION[:-2]
    code = installed.refused("parties", "add-certification-body", "--name", "en=Short", *WHERE, *short)
    assert code == "public_information_missing"


def test_a_certifying_key_is_registered_with_its_chain(installed):
    board, body = installed.add_accreditation_body(), installed.add_certification_body()
    chain = installed.done("certs", "development", body, "--accreditation-body", board)

    key = ("--key", chain["key"], "--chain", chain["chain"])
    registered = installed.done("parties", "add-key", body, "--purpose", "certify", *key)

    assert registered == {"party": body, "key": chain["key"], "purpose": "certify"}
    assert installed.refused("parties", "add-key", body, "--purpose", "certify", *key) == "key_taken"


def test_a_certifying_key_without_a_chain_is_refused(installed):
    body = installed.add_certification_body()
    assert installed.refused("parties", "add-key", body, "--purpose", "certify", "--new-key") == "chain_malformed"


def test_a_key_kept_elsewhere_is_registered_over_a_nonce(installed, tmp_path):
    party = installed.done("parties", "add-accreditation-body", "--name", "en=Elsewhere", *WHERE)["party"]
    made = installed.done("keys", "new", "--out", str(tmp_path / "own.key"))
    (tmp_path / "own.json").write_text(json.dumps(made))
    nonce = installed.done("parties", "key-nonce", party)["nonce"]
    proof = installed.done("keys", "possession", str(tmp_path / "own.key"), "--party", party, "--nonce", nonce)
    (tmp_path / "proof.json").write_text(json.dumps(proof))

    given = ("--jwk", str(tmp_path / "own.json"), "--possession", str(tmp_path / "proof.json"))
    assert installed.done("parties", "add-key", party, "--purpose", "accredit", *given)["key"] == made["thumbprint"]
    assert installed.refused("parties", "add-key", party, "--purpose", "accredit", *given) == "nonce_used"


def test_a_key_kept_elsewhere_without_proof_is_refused(installed, tmp_path):
    party = installed.add_accreditation_body()
    (tmp_path / "own.json").write_text("{}")
    given = ("--jwk", str(tmp_path / "own.json"))
    assert installed.refused("parties", "add-key", party, "--purpose", "accredit", *given) == "possession_missing"


def test_a_name_without_its_language_is_wrong_use(installed):
    with pytest.raises(SystemExit) as ended:
        installed.run("parties", "add-accreditation-body", "--name", "Nameless", *WHERE)
    assert ended.value.code == 64


def test_the_registrys_key_to_identify_becomes_an_anchor_of_another_role(installed):
    party = installed.done("parties", "add-registry", "--name", "en=Example Registry", *WHERE)["party"]

    installed.done("parties", "add-key", party, "--purpose", "identify", "--new-key")

    anchors = read_anchors(installed.var / "anchors.json")
    assert [one.role for one in anchors.keys if one.party == party] == [Role.REGISTRY]


def test_a_declarant_needs_no_public_information_and_never_accredits(installed):
    party = installed.done("parties", "add-declarant", "--name", "ja=架空商事株式会社", *WHERE)["party"]

    assert (
        installed.refused("parties", "add-key", party, "--purpose", "accredit", "--new-key")
        == "purpose_of_another_kind"
    )
