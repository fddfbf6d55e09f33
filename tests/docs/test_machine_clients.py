"""docs/machine-clients.md: its table is the code's, and its example signs in at a real server."""

from __future__ import annotations

import re
import socket
import threading
import time
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from app.access.permissions import MEANING
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key
from app.main import make_server
from app.registry import sign_in
from app.settings import Settings
from app.storage.database import Database
from tests.support.door import add_party, app_over
from tests.support.template import urls

PAGE = (Path(__file__).parents[2] / "docs" / "machine-clients.md").read_text(encoding="utf-8")


def test_the_table_of_scopes_is_that_of_the_code():
    rows = dict(re.findall(r"^\| `([a-z:]+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert rows == {scope.value: meaning for scope, meaning in MEANING.items()}


@pytest.fixture
def served(database, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("AKASHI_PORT", str(port))
    store = Database.connect(urls(database.superuser_url))
    app = app_over(store, base_url=f"http://127.0.0.1:{port}")
    server = make_server(app, Settings())
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield app.state.door.registry
    server.should_exit = True
    thread.join(10)
    store.close()


def test_the_example_gets_a_token(served):
    example = re.search(r"```python\n(.+?)```", PAGE, re.DOTALL)
    assert example is not None
    names: dict = {}
    exec(example[1], names)
    key = generate_software_key()
    client_id = sign_in.register_client(served, add_party(served.database), public_jwk(key.public_key), ["audits"])
    private = ECKey.import_key(key.authority()).as_dict(private=True)
    token = names["sign_in"](served.base_url, client_id, private, "audits")
    assert sign_in.actor_of(served, token).client_id == client_id
