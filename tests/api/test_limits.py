"""How fast one may go is limited by account, and every answer says how much is left (C106)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.api import limits
from app.api.limits import Limiter, Policy, RateLimited

THREE = Policy("three", quota=3, window=30)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_the_quota_may_be_used_at_once_and_comes_back_evenly():
    clock = Clock()
    limiter = Limiter(clock)
    left = [limiter.take(THREE, "a")["RateLimit"] for _ in range(3)]
    assert left == ['"three";r=2;t=10', '"three";r=1;t=20', '"three";r=0;t=30']
    with pytest.raises(RateLimited) as raised:
        limiter.take(THREE, "a")
    assert raised.value.headers == {
        "RateLimit-Policy": '"three";q=3;w=30',
        "RateLimit": '"three";r=0;t=30',
        "Retry-After": "10",
    }
    clock.now = 10.0
    limiter.take(THREE, "a")
    with pytest.raises(RateLimited):
        limiter.take(THREE, "a")


def test_retry_after_is_long_enough():
    clock = Clock()
    limiter = Limiter(clock)
    for _ in range(3):
        limiter.take(THREE, "a")
    clock.now = 3.5
    with pytest.raises(RateLimited) as raised:
        limiter.take(THREE, "a")
    clock.now += int(raised.value.headers["Retry-After"])
    limiter.take(THREE, "a")


def test_one_account_does_not_use_up_another():
    limiter = Limiter(Clock())
    for _ in range(3):
        limiter.take(THREE, "a")
    assert limiter.take(THREE, "b")["RateLimit"].startswith('"three";r=2')


def test_threads_together_get_no_more_than_the_quota():
    limiter = Limiter(Clock())

    def take(_):
        try:
            limiter.take(Policy("p", 50, 60), "a")
        except RateLimited:
            return 0
        return 1

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(take, range(200))) == 50


def test_many_accounts_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ACCOUNTS", 100)
    clock = Clock()
    limiter = Limiter(clock)
    for number in range(1000):
        clock.now = number / 1000
        limiter.take(THREE, number)
    assert len(limiter._buckets) <= 100
