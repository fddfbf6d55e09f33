"""`akashi clients`: registered with a public key, listed, ended."""

from __future__ import annotations

import json


def client_key(installed, tmp_path) -> str:
    made = installed.done("keys", "new", "--out", str(tmp_path / "client.key"))
    (tmp_path / "client.json").write_text(json.dumps(made))
    return str(tmp_path / "client.json")


def test_a_client_is_registered_listed_and_ended(installed, tmp_path):
    body, jwk = installed.add_certification_body(), client_key(installed, tmp_path)

    added = installed.done("clients", "add", body, "--jwk", jwk, "--scope", "people", "audits")

    assert added["token_endpoint"] == "http://localhost:8000/oauth/token"
    listed = installed.done("clients", "list", body)
    assert listed == [{"client_id": added["client_id"], "scopes": ["audits", "people"]}]
    installed.done("clients", "end", body, added["client_id"])
    assert installed.done("clients", "list", body) == []


def test_an_unknown_scope_is_refused(installed, tmp_path):
    body, jwk = installed.add_certification_body(), client_key(installed, tmp_path)
    assert installed.refused("clients", "add", body, "--jwk", jwk, "--scope", "everything") == "unknown_scope"


def test_ending_an_unknown_client_is_refused(installed):
    body = installed.add_certification_body()
    assert installed.refused("clients", "end", body, "client-nobody") == "unknown_client"
