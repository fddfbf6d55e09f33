import socket

import pytest

from tests.support.loopback import NetworkRefusedError


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as outgoing, pytest.raises(NetworkRefusedError, match=r"198\.51\.100\.1"):
        outgoing.connect(("198.51.100.1", 443))


def test_a_look_up_of_a_foreign_name_is_refused() -> None:
    with pytest.raises(NetworkRefusedError, match=r"registry\.example"):
        socket.getaddrinfo("registry.example", 443)


def test_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as here, socket.create_connection(here.getsockname()) as client:
        assert client.getpeername() == here.getsockname()
