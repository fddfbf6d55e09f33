"""The versions of a certificate: which one is current, when each replaced the one before, and what differs.

Versions are gapless and never change; a superseded document says which version is current (records, issuing). Fields
that the holder withholds are compared nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.errors import AkashiError
from app.examiner.certificate import Certificate
from app.examiner.differences import Difference, differences
from app.examiner.evidence import Evidence, Filed, open_case
from app.registry.registry import Registry
from app.registry.two_clocks import NOW, Asked
from app.registry.verification import Gathered, Published, answer_about, look_up, publish


@dataclass(frozen=True)
class Version:
    """One version beside the current one: `current` is None while none is in force yet.

    `replaced_on` is the day from which the next version counts, None while this one is current or to come.
    """

    version: int
    current: int | None
    replaced_on: date | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class ListedVersion:
    """One line of the list of versions, with both clocks and the name of its signed bytes."""

    version: int
    state: str
    valid_from: datetime
    valid_until: datetime
    recorded_at: datetime
    sha256: str
    differences_from_current: tuple[Difference, ...]


@dataclass(frozen=True)
class VersionList:
    """All versions of a certificate, oldest first."""

    certificate_id: str
    current: int | None
    versions: tuple[ListedVersion, ...]


def version_answer(registry: Registry, presented_id: str, number: int) -> tuple[Published, Version]:
    """The published report about one version, and how it stands to the current one.

    Raises `unknown_certificate`, or `unknown_version` for a number that was never given.
    """
    found = look_up(registry, presented_id)
    if found.evidence is None:
        raise AkashiError("unknown_certificate")
    filed = open_case(found.evidence).versions
    if not 1 <= number <= len(filed):
        raise AkashiError("unknown_version")
    return publish(registry, found, number), _beside_current(found.evidence, filed, filed[number - 1])


def version_list(registry: Registry, presented_id: str, asked: Asked = NOW) -> tuple[Published, VersionList]:
    """Every version known at the time asked for, and the answer at the same time; raises `unknown_certificate`."""
    found = look_up(registry, presented_id, asked)
    if found.evidence is None:
        raise AkashiError("unknown_certificate")
    at, filed = _known(found, asked)
    current = _current(filed, at)
    listed = tuple(_listed(one, current, found.evidence) for one in filed)
    number = current.document.version_no if current else None
    return _answer(registry, found, asked), VersionList(found.public_id, number, listed)


def _known(found: Gathered, asked: Asked) -> tuple[datetime, Sequence[Filed[Certificate]]]:
    """The time asked about, and the versions that were known at the time whose knowledge counts; at least one."""
    assert found.evidence is not None  # noqa: S101 - the caller looked
    filed = open_case(found.evidence).versions
    if asked.is_of_now:
        return found.evidence.as_of, filed
    times = asked.settled(found.moment)
    known = [one for one in filed if one.envelope.recorded_at <= times.known_at]
    if not known:
        raise AkashiError("unknown_certificate")
    return times.at, known


def _answer(registry: Registry, found: Gathered, asked: Asked) -> Published:
    if asked.is_of_now:
        return publish(registry, found)
    return Published(answer_about(registry, found, asked), found.moment, None)


def _current(filed: Sequence[Filed[Certificate]], at: datetime) -> Filed[Certificate] | None:
    """The highest number whose effective instant has passed."""
    begun = [one for one in filed if one.document.facts.validity.valid_from <= at]
    return begun[-1] if begun else None


def _beside_current(evidence: Evidence, filed: Sequence[Filed[Certificate]], this: Filed[Certificate]) -> Version:
    current = _current(filed, evidence.as_of)
    number = this.document.version_no
    replaced = current is not None and number < current.document.version_no
    return Version(
        number,
        current.document.version_no if current else None,
        filed[number].document.facts.validity.effective_on if replaced else None,
        _differences(this, current, evidence),
    )


def _listed(this: Filed[Certificate], current: Filed[Certificate] | None, evidence: Evidence) -> ListedVersion:
    validity = this.document.facts.validity
    return ListedVersion(
        this.document.version_no,
        _state(this, current),
        validity.valid_from,
        validity.valid_until,
        this.envelope.recorded_at,
        this.digest,
        _differences(this, current, evidence),
    )


def _differences(
    this: Filed[Certificate], current: Filed[Certificate] | None, evidence: Evidence
) -> tuple[Difference, ...]:
    return differences(this.document, current.document, evidence.withheld) if current else ()


def _state(this: Filed[Certificate], current: Filed[Certificate] | None) -> str:
    if current is None or this.document.version_no > current.document.version_no:
        return "pending"
    return "current" if this is current else "superseded"
