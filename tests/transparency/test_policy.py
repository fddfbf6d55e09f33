"""Policies of logs and witnesses, held against C2SP tlog-policy."""

from __future__ import annotations

import pytest

from app.errors import AkashiError
from app.transparency.checkpoints import Checkpoint
from app.transparency.notes import COSIGNATURE, ED25519, Note, VerifierKey, cosign, sign
from app.transparency.policy import Policy, PolicyRefused
from app.transparency.tree import leaf_hash
from tests.transparency.test_notes import LOG, key_of, private_key

SEEDS = {"X1": 11, "X2": 12, "X3": 13, "Y1": 21, "Y2": 22, "Y3": 23}
WITNESSES = {name: key_of(f"witness.example/{name}", COSIGNATURE, seed) for name, seed in SEEDS.items()}
HEAD = Checkpoint(LOG.name, 1, leaf_hash(b"first"))
TWO_GROUPS = "\n".join(
    (
        "# two operators",
        f"log {LOG} https://log.example/one",
        "",
        *(f"witness {name} {key}" for name, key in WITNESSES.items()),
        "group X-witnesses 2 X1 X2 X3",
        "  group\tY-witnesses any Y1 Y2 Y3",
        "group X-and-Y all X-witnesses Y-witnesses",
        "quorum X-and-Y",
        "",
    )
)
"""The example of the specification."""


def head(**times: int | tuple[int, ...]) -> Note:
    """Signed by the log and cosigned by these witnesses at these times."""
    note = Note(HEAD.text, (sign(HEAD.text, LOG, private_key(1)),))
    for name, seen in times.items():
        for time in seen if isinstance(seen, tuple) else (seen,):
            note = note.with_lines([cosign(HEAD.text, WITNESSES[name], private_key(SEEDS[name]), time=time)])
    return note


def code_of(act, *arguments) -> str:
    with pytest.raises(AkashiError) as refusal:
        act(*arguments)
    return refusal.value.code


def test_the_quorum_of_the_specifications_example_is_counted():
    policy = Policy.parse(TWO_GROUPS)
    checkpoint, witnessed = policy.check(head(X1=100, X3=130, Y2=120))
    assert checkpoint == HEAD
    assert witnessed.names == ("X1", "X3", "Y2")


@pytest.mark.parametrize(
    "times", [{}, {"X1": 1, "X2": 1, "X3": 1}, {"X1": 1, "Y1": 1, "Y2": 1}, {"Y1": 1, "Y2": 1, "Y3": 1}]
)
def test_short_of_the_quorum_nothing_is_believed(times):
    assert code_of(Policy.parse(TWO_GROUPS).check, head(**times)) == "log_quorum_missing"


def test_a_head_existed_once_its_quorum_was_complete_and_was_fresh_while_a_quorum_said_so():
    policy = Policy.parse(TWO_GROUPS)
    _, witnessed = policy.check(head(X1=(100, 500), X2=(110, 400), X3=900, Y1=(90, 700)))
    assert witnessed.since == 110, "X1 and X2, then Y1 long before"
    assert witnessed.until == 500, "X3 and X1, while Y1 still agreed"


def test_one_witness_alone_moves_no_time():
    policy = Policy.parse(TWO_GROUPS)
    _, honest = policy.check(head(X1=100, X2=110, Y1=105))
    _, early = policy.check(head(X1=1, X2=110, Y1=105))
    _, late = policy.check(head(X1=10**9, X2=110, Y1=105))
    assert (honest.since, early.since, late.until) == (110, 110, 105)


def test_a_policy_may_ask_for_no_witness():
    policy = Policy.parse(f"log {LOG}\nquorum none\n")
    _, witnessed = policy.check(head())
    assert (witnessed.names, witnessed.since, witnessed.until) == ((), None, None)


def test_a_wrong_cosignature_of_a_known_witness_refuses_the_head():
    policy = Policy.parse(TWO_GROUPS)
    note = head(X1=100, X3=130, Y2=120)
    forged = cosign(HEAD.text, WITNESSES["Y1"], private_key(99), time=1)
    assert code_of(policy.check, note.with_lines([forged])) == "note_signature_wrong"


def test_witnesses_do_not_replace_the_log():
    note = head(X1=100, X3=130, Y2=120)
    without = Note(note.text, note.signatures[1:])
    assert code_of(Policy.parse(TWO_GROUPS).check, without) == "note_not_signed"


def test_a_log_that_is_not_listed_is_not_believed():
    other = VerifierKey("log.example/two", ED25519, LOG.public)
    assert code_of(Policy.parse(f"log {other}\nquorum none").check, head()) == "malformed_checkpoint"


def test_addresses_are_kept_by_name():
    policy = Policy.parse(f"witness w {WITNESSES['X1']} https://witness.example/\nquorum w\nlog {LOG}")
    assert policy.addresses == {"w": "https://witness.example/"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"log {LOG}", "a quorum line is missing"),
        (f"log {LOG}\nlog {LOG}\nquorum none", "line 2"),
        (f"log {WITNESSES['X1']}\nquorum none", "line 1"),
        (f"witness a {LOG}\nquorum a", "line 1"),
        (f"witness a {WITNESSES['X1']}\nwitness b {WITNESSES['X1']}\nquorum a", "line 2"),
        (f"witness a {WITNESSES['X1']}\nwitness a {WITNESSES['X2']}\nquorum a", "line 2"),
        (f"witness none {WITNESSES['X1']}\nquorum none", "line 1"),
        ("quorum a", "line 1"),
        ("quorum none\nquorum none", "line 2"),
        ("group g any a\nquorum g", "line 1"),
        (f"witness a {WITNESSES['X1']}\ngroup g 2 a\nquorum g", "line 2"),
        (f"witness a {WITNESSES['X1']}\ngroup g 0 a\nquorum g", "line 2"),
        (f"witness a {WITNESSES['X1']}\ngroup g many a\nquorum g", "line 2"),
        (f"witness a {WITNESSES['X1']}\ngroup g any a a\nquorum g", "line 2"),
        (f"witness a {WITNESSES['X1']}\ngroup g any a\ngroup h any a\nquorum g", "line 3"),
        (f"witness a {WITNESSES['X1']}\ngroup g any\nquorum g", "line 2"),
        ("log not-a-key\nquorum none", "line 1"),
        ("quorum none extra", "line 1"),
        ("nonsense", "line 1"),
        ("quorum\x0bnone", "line 1"),
        ("#" * 70_000, "characters"),
    ],
)
def test_a_malformed_policy_is_refused_with_the_line_that_is_wrong(text, line):
    with pytest.raises(PolicyRefused, match=line) as refusal:
        Policy.parse(text)
    assert refusal.value.code == "malformed_log_policy"
