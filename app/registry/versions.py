"""The versions of a certificate: what made each, which one is current, when each replaced the one before, what differs.

Versions are gapless and never change; a superseded document says which version is current (records, issuing), and
revised documents are told apart from those before (ISO/IEC 17021-1 8.2.2). Each is labelled by the act that made it.
Fields that the holder withholds are compared nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.conformity.words import Word
from app.errors import AkashiError
from app.examiner.certificate import Certificate
from app.examiner.differences import Difference, differences
from app.examiner.evidence import Evidence, Filed, open_case
from app.examiner.report import HolderName
from app.registry.registry import Registry
from app.registry.two_clocks import NOW, Asked
from app.registry.verification import Gathered, Published, answer_about, look_up, publish

LABELS: Mapping[str, Word] = {
    "grant": Word("First certificate", "初回の登録証"),
    "transfer_in": Word("Transfer from another body", "他の認証機関からの移転"),
    "import": Word("Reported from elsewhere", "他の記録からの取込み"),
    "extend": Word("Extension of the scope", "認証範囲の拡大"),
    "reduce": Word("Reduction of the scope", "認証範囲の縮小"),
    "amend": Word("Amendment", "記載の変更"),
    "correct": Word("Correction of a misprint", "誤記の訂正"),
    "translate": Word("Translation added", "訳文の追加"),
    "renew": Word("Renewal", "更新"),
    "transition": Word("New edition of the standard", "規格の改訂版への移行"),
    "restore_expired": Word("Restoration after expiry", "有効期限後の復帰"),
    "overturn_transfer": Word("Transfer taken back", "移転の取りやめ"),
    "overturn_withdrawal": Word("Withdrawal annulled on appeal", "異議申立てによる取消しの無効"),
}
"""What a version is, by the act that made it."""


@dataclass(frozen=True)
class Version:
    """One version beside the current one: `current` is None while none is in force yet.

    `replaced_on` is the day from which the next version counts, None while this one is current or to come.
    """

    version: int
    act: str
    label: Word
    current: int | None
    replaced_on: date | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Change:
    """One field of a version with its value in the version before and in this one; `site` names the place it is of."""

    field: str
    before: Any
    after: Any
    site: tuple[HolderName, ...]


@dataclass(frozen=True)
class ListedVersion:
    """One line of the list of versions, with both clocks and the name of its signed bytes.

    `changes` are against the version before it, `differences_from_current` against the one in force.
    """

    version: int
    act: str
    label: Word
    state: str
    decided_on: date
    effective_on: date
    last_valid_day: date
    valid_from: datetime
    valid_until: datetime
    recorded_at: datetime
    sha256: str
    changes: tuple[Change, ...]
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
    return _answer(registry, found, asked), _version_list(found, asked)


def published_with_versions(registry: Registry, presented_id: str) -> tuple[Published, tuple[ListedVersion, ...]]:
    """The published answer with every version at the same moment; none for an ID without record."""
    found = look_up(registry, presented_id)
    versions = () if found.evidence is None else _version_list(found, NOW).versions
    return publish(registry, found), versions


def _version_list(found: Gathered, asked: Asked) -> VersionList:
    assert found.evidence is not None  # noqa: S101 - the caller looked
    at, filed = _known(found, asked)
    current = _current(filed, at)
    before = (None, *filed)
    listed = tuple(_listed(one, older, current, found.evidence) for one, older in zip(filed, before, strict=False))
    return VersionList(found.public_id, current.document.version_no if current else None, listed)


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
    act = this.document.facts.decision.act
    return Version(
        number,
        act,
        LABELS[act],
        current.document.version_no if current else None,
        filed[number].document.facts.validity.effective_on if replaced else None,
        _differences(this, current, evidence),
    )


def _listed(
    this: Filed[Certificate], before: Filed[Certificate] | None, current: Filed[Certificate] | None, evidence: Evidence
) -> ListedVersion:
    decision, validity = this.document.facts.decision, this.document.facts.validity
    return ListedVersion(
        this.document.version_no,
        decision.act,
        LABELS[decision.act],
        _state(this, current),
        decision.decided_on,
        validity.effective_on,
        validity.last_valid_day,
        validity.valid_from,
        validity.valid_until,
        this.envelope.recorded_at,
        this.digest,
        _changes(before, this, evidence),
        _differences(this, current, evidence),
    )


def _changes(before: Filed[Certificate] | None, this: Filed[Certificate], evidence: Evidence) -> tuple[Change, ...]:
    """What this version says otherwise than the one before it; the first has none before it."""
    if before is None:
        return ()
    found = differences(before.document, this.document, evidence.withheld)
    return tuple(Change(one.field, one.this, one.current, one.site) for one in found)


def _differences(
    this: Filed[Certificate], current: Filed[Certificate] | None, evidence: Evidence
) -> tuple[Difference, ...]:
    return differences(this.document, current.document, evidence.withheld) if current else ()


def _state(this: Filed[Certificate], current: Filed[Certificate] | None) -> str:
    if current is None or this.document.version_no > current.document.version_no:
        return "pending"
    return "current" if this is current else "superseded"
