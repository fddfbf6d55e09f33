"""What must agree between a version of a certificate and the one before it, by the act that made it.

Anyone who holds both versions can check it: the database judged the same at the decision (invariants 2, 10 and 11), the
signer compared the facts, and a stranger repeats it without trusting either (docs/adr/0011). Faults carry the codes by
which the database refuses. Limits of a scheme are not stated in a certificate and so are not judged here; the six
months of ISO/IEC 17021-1 9.6.3.2 bind whatever claims accreditation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.conformity.periods import deadline
from app.credentials.facts import ACCREDITED, IMPORTED, CertificateFacts, Statement

FIRST = frozenset({"grant", "transfer_in", "import"})
"""Acts that make a first version, and no other."""
AUDITED = frozenset({"grant", "extend", "renew", "transition", "restore_expired"})
"""Acts that rest on an assessment (ISO/IEC 17021-1 9.5)."""
RESTORATION_MONTHS = 6

_DAY = timedelta(days=1)


def succession_faults(old: CertificateFacts | None, new: CertificateFacts) -> tuple[str, ...]:
    """The code of every rule that `new` breaks as the successor of `old`; None before a first version."""
    return tuple(_faults(old, new))


def _faults(old: CertificateFacts | None, new: CertificateFacts) -> Iterator[str]:
    act = new.decision.act
    if act in AUDITED and new.scheme.assurance == ACCREDITED and new.decision.assessed_on is None:
        yield "audit_missing"
    if (old is None) != (act in FIRST):
        yield "version_out_of_order"
    elif old is None:
        yield from _first(new)
    else:
        yield from _identity(old, new)
        yield from _PERIODS.get(act, _kept)(old, new)
        yield from _EXTENTS.get(act, _any)(_Step(old, new))


def _first(new: CertificateFacts) -> Iterator[str]:
    cycle, begins = new.cycle, new.validity.effective_on
    if new.decision.act == "grant" and {cycle.initially_certified_on, cycle.started_on} != {begins}:
        yield "cycle_out_of_order"


def _identity(old: CertificateFacts, new: CertificateFacts) -> Iterator[str]:
    """One certification: the same holder, body, scheme and origin, and nothing before what it supersedes."""
    kept = ((old.holder.id, new.holder.id), (old.body.id, new.body.id), (old.scheme.code, new.scheme.code))
    for before, after in kept:
        if before != after:
            yield "document_mismatch"
    if old.cycle.initially_certified_on != new.cycle.initially_certified_on:
        yield "cycle_out_of_order"
    if old.previous != new.previous or (new.provenance == IMPORTED and old.provenance != IMPORTED):
        yield "provenance_differs"
    if new.validity.effective_on < old.validity.effective_on:
        yield "version_before_its_predecessor"


# --- How long it runs (invariant 2) ---


def _kept(old: CertificateFacts, new: CertificateFacts) -> Iterator[str]:
    """Only a renewal or a restoration moves the end; history stays history."""
    if (old.validity.last_valid_day, old.cycle) != (new.validity.last_valid_day, new.cycle):
        yield "period_not_kept"
    if (old.provenance, old.original_decided_on) != (new.provenance, new.original_decided_on):
        yield "provenance_differs"
    elif old.report and new.report and new.report.as_of < old.report.as_of:
        yield "report_goes_back"


def _renewed(old: CertificateFacts, new: CertificateFacts) -> Iterator[str]:
    """Decided before the end, running from it: a timely renewal loses nothing and bridges nothing (9.6.3)."""
    ended, begins = old.validity.last_valid_day, new.validity.effective_on
    if new.decision.decided_on > ended or begins > ended + _DAY:
        yield "renewal_after_expiry"
    if new.validity.last_valid_day <= ended:
        yield "period_not_kept"
    if new.cycle.started_on != max(begins, ended + _DAY) or _lapse(new) != _lapse(old):
        yield "cycle_out_of_order"


def _restored(old: CertificateFacts, new: CertificateFacts) -> Iterator[str]:
    """Decided after the end, within six months, and the lapse stated for ever (9.6.3.2, 8.2.2)."""
    ended = old.validity.last_valid_day
    if new.decision.decided_on <= ended:
        yield "not_expired"
    if new.scheme.assurance == ACCREDITED and new.decision.decided_on > deadline(ended, RESTORATION_MONTHS):
        yield "restoration_too_late"
    if new.cycle.previous_ended_on != ended or new.cycle.started_on != new.validity.effective_on:
        yield "cycle_out_of_order"


def _lapse(facts: CertificateFacts) -> tuple[object, ...]:
    return facts.cycle.previous_ended_on, facts.cycle.recertification_audit_ended_on


_PERIODS: Mapping[str, Callable[[CertificateFacts, CertificateFacts], Iterator[str]]] = {
    "renew": _renewed,
    "restore_expired": _restored,
}


# --- What it covers (invariant 10) ---


@dataclass(frozen=True)
class _Step:
    """From one version to the next: codes and sites as sets, and the words as signed."""

    old: CertificateFacts
    new: CertificateFacts

    @property
    def inside(self) -> bool:
        """Nothing was added."""
        return all(after <= before for before, after in zip(_codes(self.old), _codes(self.new), strict=True))

    @property
    def around(self) -> bool:
        """Nothing was taken away."""
        return all(after >= before for before, after in zip(_codes(self.old), _codes(self.new), strict=True))

    @property
    def same_edition(self) -> bool:
        return self.old.scheme.document.designation == self.new.scheme.document.designation

    @property
    def same_accreditations(self) -> bool:
        return {one.id for one in self.old.accreditations} == {one.id for one in self.new.accreditations}


def _codes(facts: CertificateFacts) -> tuple[frozenset[str], ...]:
    scope = facts.scope
    listed = (scope.areas, scope.countries, scope.roles, tuple(site.id for site in scope.sites))
    return tuple(frozenset(codes) for codes in listed)


def _statements(facts: CertificateFacts) -> dict[str, Statement | None]:
    return {"": facts.scope.statement} | {site.id: site.statement for site in facts.scope.sites}


def _any(_: _Step) -> Iterator[str]:
    """A new cycle may change everything: it rests on an assessment of all."""
    yield from ()


def _grown(step: _Step) -> Iterator[str]:
    if not (step.around and step.same_edition):
        yield "extension_does_not_extend"


def _shrunk(step: _Step) -> Iterator[str]:
    if not (step.inside and step.same_edition and step.same_accreditations):
        yield "reduction_does_not_reduce"


def _other_edition(step: _Step) -> Iterator[str]:
    if step.same_edition or not step.inside:
        yield "edition_not_changed"


def _same(step: _Step) -> Iterator[str]:
    if not _same_codes(step) or _statements(step.old) != _statements(step.new):
        yield "amend_changes_scope"


def _wording(step: _Step) -> Iterator[str]:
    if not _same_codes(step):
        yield "correction_changes_scope"


def _texts(step: _Step) -> Iterator[str]:
    """Every text of before stands; translations were added."""
    old, new = _statements(step.old), _statements(step.new)
    if not _same_codes(step) or not all(_keeps(text, new.get(place)) for place, text in old.items()):
        yield "translation_changes_texts"


def _keeps(old: Statement | None, new: Statement | None) -> bool:
    if old is None or new is None:
        return old is new
    return (old.text, old.language) == (new.text, new.language) and set(old.translations) <= set(new.translations)


def _same_codes(step: _Step) -> bool:
    return step.inside and step.around and step.same_edition and step.same_accreditations


_EXTENTS: Mapping[str, Callable[[_Step], Iterator[str]]] = {
    "extend": _grown,
    "reduce": _shrunk,
    "transition": _other_edition,
    "amend": _same,
    "overturn_withdrawal": _same,
    "overturn_transfer": _same,
    "correct": _wording,
    "translate": _texts,
    "renew": _any,
    "restore_expired": _any,
}
