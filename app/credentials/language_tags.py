"""Language and script of a text as one BCP 47 tag, and back.

Tags are written in lower case: RFC 5646 gives case no meaning, and JSON-LD processors may lower it, after which a
signed document would differ from its own compaction. A script is written whenever it was stated, also where the
language suggests it (`ja-jpan`), so that nothing is guessed on the way back.
"""

from __future__ import annotations

_SCRIPT_LENGTH = 4


def language_tag(language: str, script: str | None = None) -> str:
    """`ja` and `Latn` give `ja-latn`; `pt-BR` gives `pt-br`."""
    base, *region = language.split("-")
    return "-".join([base, *([script] if script else []), *region]).lower()


def language_and_script(tag: str) -> tuple[str, str | None]:
    """What `language_tag` was given."""
    base, *rest = tag.split("-")
    scripts = [part.title() for part in rest if len(part) == _SCRIPT_LENGTH]
    regions = [part.upper() for part in rest if len(part) != _SCRIPT_LENGTH]
    return "-".join([base, *regions]), scripts[0] if scripts else None
