"""The one error of the domain, and the catalogue that explains each of its codes.

Every refusal that leaves a package is an `AkashiError` with a stable code from `errors.toml`; the catalogue says
in English and Japanese what is wrong and what to do. Nothing here knows HTTP: doors translate `kind`, never text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

CATALOGUE_FILE = Path(__file__).with_name("errors.toml")


class Kind(StrEnum):
    """What sort of refusal a code is; each door has one table from kind to its own signal."""

    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    PRECONDITION = "precondition"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


@dataclass(frozen=True)
class Explanation:
    """What one code means and what its reader can do, in both languages; `clause` names the rule it enforces.

    `field` is where in the draft of a decision the fault lies, for what a rule says of a drafted decision.
    """

    code: str
    kind: Kind
    en: str
    ja: str
    remedy_en: str
    remedy_ja: str
    clause: str = ""
    field: str = ""


@dataclass(frozen=True)
class Fault:
    """One fault in one place: `field` is a JSON pointer into what was presented ("" for the whole)."""

    code: str
    field: str = ""
    note: str = ""


class AkashiError(Exception):
    """A refusal with a stable code; `faults` lists every place at fault, `note` is safe to show."""

    def __init__(self, code: str, *, field: str = "", note: str = "", faults: tuple[Fault, ...] = ()) -> None:
        self.code = code
        self.note = note
        self.faults = faults or ((Fault(code, field, note),) if field else ())
        super().__init__(f"{code}: {note}" if note else code)


@cache
def catalogue() -> dict[str, Explanation]:
    """All codes by name, read once from `errors.toml`."""
    import tomllib  # noqa: PLC0415, whoever has nothing to explain starts sooner (C6)

    entries = tomllib.loads(CATALOGUE_FILE.read_text(encoding="utf-8"))
    return {
        code: Explanation(code, Kind(entry["kind"]), **{name: entry[name] for name in entry if name != "kind"})
        for code, entry in entries.items()
    }


def explain(code: str) -> Explanation:
    """The explanation of a code; a code without an entry is a defect of ours and reads as `internal_error`."""
    return catalogue().get(code) or catalogue()["internal_error"]
