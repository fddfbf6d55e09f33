"""Chains in PEM files, leaf first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.cli.chain_files import read_chain, write_chain
from app.errors import AkashiError
from app.keys.software import KeyFolder, generate_software_key
from app.trust.development import Holder, write_development_chain


def test_a_chain_is_read_back_in_its_order(tmp_path):
    keys = KeyFolder(tmp_path / "keys", "a secret of tests only")
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    holder = Holder("0b9f5d0e-7a51-4c07-9a53-5f7f6a2d9c01", "Fictional", "JP")
    chain = write_development_chain(tmp_path, keys, not_before=begin).issue(
        generate_software_key().public_key,
        holder,
        did_address=f"http://localhost:8000/bodies/{holder.party}/did.json",
        accreditation_body=holder,
        not_before=begin,
    )
    write_chain(tmp_path / "chain.pem", chain)
    assert read_chain(tmp_path / "chain.pem") == chain


def test_a_file_without_certificates_is_refused(tmp_path):
    (tmp_path / "chain.pem").write_text("no certificate")
    with pytest.raises(AkashiError) as refused:
        read_chain(tmp_path / "chain.pem")
    assert refused.value.code == "chain_malformed"
