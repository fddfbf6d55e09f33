"""Documents rendered from their sources: codes, rules, settings, contract. `make fix` writes them, a test compares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.errors import Explanation, catalogue
from app.http import STATUS, STATUS_OF_CODE
from app.settings import render_settings
from tools.render_contract import render_contract
from tools.render_rules import render_rules

DOCS = Path(__file__).resolve().parents[1] / "docs"

HEADING = """\
# Error codes

Rendered from `app/errors.toml`; `make fix` writes it anew, a test compares it.

Every refusal carries a stable code. Over HTTP it stands in an RFC 9457 problem document, on the command line beside the
message. A code keeps its meaning for ever; the wording may improve. The status is what HTTP answers.
"""


def render_errors() -> str:
    """The whole page: one section a kind, one entry a code, in both languages."""
    sections = [HEADING]
    for kind, status in sorted(STATUS.items(), key=lambda row: row[1]):
        entries = sorted((entry for entry in catalogue().values() if entry.kind is kind), key=lambda entry: entry.code)
        if entries:
            sections.append(f"## {kind.replace('_', ' ').capitalize()} ({status})\n")
            sections.extend(_render(entry) for entry in entries)
    return "\n".join(sections)


def _render(entry: Explanation) -> str:
    own_status = f" ({STATUS_OF_CODE[entry.code]})" if entry.code in STATUS_OF_CODE else ""
    rule = f"\n\nRule: {entry.clause}" if entry.clause else ""
    return f"### `{entry.code}`{own_status}\n\n{entry.en} {entry.remedy_en}\n\n{entry.ja}{entry.remedy_ja}{rule}\n"


RENDERED: dict[str, Callable[[], str]] = {
    "errors.md": render_errors,
    "rules.md": render_rules,
    "settings.md": render_settings,
    "../openapi/openapi.yaml": render_contract,
}

if __name__ == "__main__":
    for name, render in RENDERED.items():
        (DOCS / name).write_text(render(), encoding="utf-8")
