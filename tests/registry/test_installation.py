"""Address and keys are fixed once."""

from __future__ import annotations

import pytest

from app.registry.installation import Installation, check_installation, fix_installation, fixed_installation
from tests.support.acts import refused

KEY = "A" * 43
LOG_KEY = "registry.example/log+12ab34cd+" + "A" * 44
URL = "https://registry.example"


def test_nothing_is_fixed_before_init(world):
    assert fixed_installation(world.database) is None
    with refused("not_initialised"):
        check_installation(world.database, URL)


def test_what_was_fixed_stays(world):
    fix_installation(world.database, Installation(URL, KEY, LOG_KEY))

    assert check_installation(world.database, URL) == Installation(URL, KEY, LOG_KEY)
    with refused("already_recorded"):
        fix_installation(world.database, Installation("https://elsewhere.example", KEY, LOG_KEY))
    assert fixed_installation(world.database) == Installation(URL, KEY, LOG_KEY)


@pytest.mark.parametrize("other", ["https://elsewhere.example", f"{URL}/", "http://registry.example"])
def test_another_address_is_refused(world, other):
    fix_installation(world.database, Installation(URL, KEY, LOG_KEY))
    with refused("public_address_differs"):
        check_installation(world.database, other)
