"""What every page says about the registry that serves it."""

from __future__ import annotations

from app.pages.site import Site


def test_the_host_is_what_an_address_bar_shows():
    assert Site("http://localhost:8000", "Nobody", "1").host == "localhost:8000"
    assert Site("https://akashi.example", "Nobody", "1").host == "akashi.example"
