"""Whom a verifier believes about a log: its keys, known witnesses, and how many of them must agree (C2SP tlog-policy).

A policy is the verifier's own choice, written in a file. A head counts when a listed log signed it and the quorum of
witnesses cosigned it. Two times follow, and nobody short of the quorum can move either: since when
the head existed, and until when it was the largest that the quorum had seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from app.errors import AkashiError
from app.transparency.checkpoints import Checkpoint, MalformedCheckpoint
from app.transparency.notes import COSIGNATURE, ED25519, Note, NoteRefused, VerifierKey, verify

NO_QUORUM = "none"
LARGEST_POLICY = 64 * 1024
MOST_MEMBERS = 256
_ILLEGAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COUNT = re.compile(r"[1-9][0-9]{0,2}")


class PolicyRefused(AkashiError):
    """The policy is malformed, or what was presented does not meet it; `code` says which."""


@dataclass(frozen=True)
class Witnessed:
    """Which witnesses cosigned a head, and two times in POSIX seconds (None where no quorum is asked for).

    At `since` the quorum was complete: the head existed. At `until` a whole quorum still knew of no larger tree.
    """

    names: tuple[str, ...]
    since: int | None
    until: int | None


@dataclass(frozen=True)
class Policy:
    """Logs by origin, witnesses by name, groups as (how many, of whom), and the name of the quorum."""

    logs: Mapping[str, VerifierKey]
    witnesses: Mapping[str, VerifierKey] = field(default_factory=dict)
    groups: Mapping[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = NO_QUORUM
    addresses: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, presented: str) -> Self:
        """The policy in a text; raises `PolicyRefused` with the number of the line that is wrong."""
        if len(presented) > LARGEST_POLICY:
            raise PolicyRefused("malformed_log_policy", note=f"more than {LARGEST_POLICY} characters")
        reader = _Reader()
        for number, line in enumerate(presented.split("\n"), start=1):
            try:
                reader.read(line)
            except (ValueError, NoteRefused) as error:
                raise PolicyRefused("malformed_log_policy", note=f"line {number}: {error}") from error
        if reader.quorum is None:
            raise PolicyRefused("malformed_log_policy", note="a quorum line is missing")
        return cls(reader.logs, reader.witnesses, reader.groups, reader.quorum, reader.addresses)

    def check(self, note: Note) -> tuple[Checkpoint, Witnessed]:
        """The head that a listed log signed and the quorum witnessed.

        Raises `NoteRefused`, `MalformedCheckpoint` or, if too few have cosigned, `PolicyRefused`.
        """
        checkpoint = Checkpoint.parse(note.text)
        log = self.logs.get(checkpoint.origin)
        if log is None:
            raise MalformedCheckpoint("a log that the policy does not list")
        verify(note, [log])

        times = self._times(note)
        since = self._complete(self.quorum, {name: min(seen) for name, seen in times.items()}, latest=False)
        until = self._complete(self.quorum, {name: max(seen) for name, seen in times.items()}, latest=True)
        if since is None and self.quorum != NO_QUORUM:
            raise PolicyRefused("log_quorum_missing", note=f"witnessed by {', '.join(sorted(times)) or 'nobody known'}")
        return checkpoint, Witnessed(tuple(sorted(times)), since, until)

    def _times(self, note: Note) -> dict[str, list[int]]:
        """When each known witness cosigned; a witness may have done so more than once."""
        names = {(key.name, key.key_id): name for name, key in self.witnesses.items()}
        found: dict[str, list[int]] = {}
        if any((line.name, line.key_id) in names for line in note.signatures):
            for verified in verify(note, self.witnesses.values()):
                found.setdefault(names[verified.key.name, verified.key.key_id], []).append(verified.time or 0)
        return found

    def _complete(self, name: str, times: Mapping[str, int], *, latest: bool) -> int | None:
        """When this witness, or as many of this group as it needs, had cosigned (or still cosigned: `latest`)."""
        if name not in self.groups:
            return times.get(name)
        needed, members = self.groups[name]
        reached = [time for member in members if (time := self._complete(member, times, latest=latest)) is not None]
        return sorted(reached, reverse=latest)[needed - 1] if len(reached) >= needed else None


class _Reader:
    """Takes a policy line by line; every name is defined before it is used, and a member of at most one group."""

    def __init__(self) -> None:
        self.logs: dict[str, VerifierKey] = {}
        self.witnesses: dict[str, VerifierKey] = {}
        self.groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.addresses: dict[str, str] = {}
        self.quorum: str | None = None
        self._spent: set[str] = set()

    def read(self, line: str) -> None:
        if _ILLEGAL.search(line):
            raise ValueError("a control character")
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if not words or words[0].startswith("#"):
            return
        match words:
            case ["log", vkey, *address] if len(address) <= 1:
                self._log(VerifierKey.parse(vkey), address)
            case ["witness", name, vkey, *address] if len(address) <= 1:
                self._witness(name, VerifierKey.parse(vkey), address)
            case ["group", name, count, *members] if members:
                self._group(name, count, members)
            case ["quorum", name]:
                self._quorum(name)
            case _:
                raise ValueError("log, witness, group or quorum with its words expected")

    def _log(self, key: VerifierKey, address: list[str]) -> None:
        if key.type != ED25519:
            raise ValueError("a log's key of type 0x01 expected")
        if key.name in self.logs or key.public in {other.public for other in self.logs.values()}:
            raise ValueError("this log is listed already")
        self.logs[key.name] = key
        self._note_address(key.name, address)

    def _witness(self, name: str, key: VerifierKey, address: list[str]) -> None:
        self._check_new(name)
        if key.type != COSIGNATURE:
            raise ValueError("a witness's key of type 0x04 expected")
        if key.public in {other.public for other in self.witnesses.values()}:
            raise ValueError("this witness is listed already")
        self.witnesses[name] = key
        self._note_address(name, address)

    def _group(self, name: str, count: str, members: list[str]) -> None:
        self._check_new(name)
        if len(members) > MOST_MEMBERS or len(set(members)) != len(members):
            raise ValueError("each member once, and not too many")
        for member in members:
            if member not in self.witnesses and member not in self.groups:
                raise ValueError(f"{member} is not defined before")
            if member in self._spent:
                raise ValueError(f"{member} is a member of a group already")
        needed = {"any": 1, "all": len(members)}.get(count) or (int(count) if _COUNT.fullmatch(count) else 0)
        if not 1 <= needed <= len(members):
            raise ValueError("any, all or a number of members expected")
        self._spent.update(members)
        self.groups[name] = (needed, tuple(members))

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise ValueError("one quorum only")
        if name != NO_QUORUM and name not in self.witnesses and name not in self.groups:
            raise ValueError(f"{name} is not defined before")
        self.quorum = name

    def _check_new(self, name: str) -> None:
        if name == NO_QUORUM or name in self.witnesses or name in self.groups:
            raise ValueError(f"the name {name} is taken")

    def _note_address(self, name: str, address: list[str]) -> None:
        self.addresses.update((name, one) for one in address)
