"""The headers of every page."""

from __future__ import annotations

from app.pages.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS


def test_nothing_inline_nothing_from_elsewhere_never_framed():
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))

    assert directives["default-src"] == "'none'"
    assert set(directives.values()) <= {"'none'", "'self'"}
    assert directives["frame-ancestors"] == "'none'"
    assert SECURITY_HEADERS["Referrer-Policy"] == "no-referrer"
    assert SECURITY_HEADERS["Cross-Origin-Opener-Policy"] == "same-origin"
