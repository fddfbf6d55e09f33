"""`akashi recognitions`: what an arrangement publishes is copied with its source, and later its end."""

from __future__ import annotations

WHERE = ("--source", "https://arrangement.example/members", "--observed-on", "2026-01-02")


def add(installed, party, *more):
    fetched = installed.var / "members.html"
    fetched.write_text("members", encoding="utf-8")
    scope = ("--scope", "ISO/IEC 42001", "--level", "L5", "--from", "2026-01-01", "--fetched", str(fetched))
    return ("recognitions", "add", party, *scope, *WHERE, *more)


def test_a_recognition_is_copied_and_its_end_too(installed):
    board = installed.add_accreditation_body()
    copied = installed.done(*add(installed, board, "--arrangement", "gac-mra"))
    fetched = ("--fetched", str(installed.var / "members.html"))
    ended = installed.done("recognitions", "end", copied["recognition"], "--last-day", "2026-06-30", *fetched, *WHERE)
    assert ended == {"ended": copied["recognition"]}


def test_only_accreditation_bodies_are_recognised_and_only_under_what_there_is(installed):
    body = installed.add_certification_body()
    assert installed.refused(*add(installed, body, "--arrangement", "gac-mra")) == "unknown_reference"
    assert installed.refused(*add(installed, body, "--arrangement", "nobody-mra")) == "unknown_arrangement"
