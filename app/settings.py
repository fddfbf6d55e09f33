"""Every configurable value of the service: typed, grouped, described once, checked together at start.

Values come from environment variables that begin with AKASHI_ and from nowhere else. No secret has a default, and no
message about a wrong value repeats the value. `docs/settings.md` is rendered from this file. Nothing is read at import.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "AKASHI_"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def setting(group: str, description: str, default: Any = None) -> Any:
    """One value with the group and the sentence under which the settings page lists it."""
    return Field(default, description=description, json_schema_extra={"group": group})


class Settings(BaseSettings):
    """What the operator decides; constructing it reads the environment and refuses a contradiction."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, extra="ignore")

    production: bool = setting(
        "Installation",
        "Whether this registry is relied upon: the checks of production run at each start.",
        default=False,
    )
    public_url: str = setting(
        "Installation",
        "Public base URL. It is signed into credentials, so it is fixed at `akashi init`.",
        "http://localhost:8000",
    )
    host: str = setting("Installation", "Address on which the service listens.", "127.0.0.1")
    port: int = Field(
        8000,
        ge=1,
        le=65535,
        description="Port on which the service listens.",
        json_schema_extra={"group": "Installation"},
    )
    trusted_proxies: str = setting(
        "Installation",
        "Addresses of proxies whose word about the caller's address counts, with commas between.",
        "127.0.0.1",
    )
    operator: str | None = setting("Installation", "Who runs this registry, as every page names it.")
    time_zone: str = setting(
        "Installation", "IANA time zone of pages that show no certification body with a zone of its own.", "UTC"
    )
    var: Path = setting(
        "Installation", "Folder for what the service writes: the embedded server's data, the demo.", Path("var")
    )
    published: Path | None = setting(
        "Installation", "Folder of published files, the log's tiles among them; a web server may serve it as it is."
    )
    log_fence: Path | None = setting(
        "Installation",
        "Folder that remembers the log's newest head, on another volume than database and published files.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "Installation", "Least severe event that is logged.", "info"
    )
    security_contact: str | None = setting(
        "Installation", "Where to report a weakness (`mailto:` or `https:`), shown in security.txt."
    )

    database_url: SecretStr | None = setting(
        "Database", "PostgreSQL as `akashi_service`. Without it the service starts its own embedded server."
    )
    database_url_reader: SecretStr | None = setting("Database", "The same database as `akashi_reader`.")
    database_url_jobs: SecretStr | None = setting("Database", "The same database as `akashi_jobs`.")
    database_url_keeper: SecretStr | None = setting("Database", "The same database as `akashi_keeper`.")
    database_url_migrator: SecretStr | None = setting("Database", "The same database as `akashi_migrator`.")
    postgres_binaries: Path | None = setting(
        "Database",
        "Folder of PostgreSQL binaries (15 or newer) for the embedded server, in place of the packaged ones.",
    )

    key_folder: Path | None = setting("Keys", "Folder of the encrypted signing keys that this installation holds.")
    key_secret: SecretStr | None = setting("Keys", "Secret under which the keys in that folder are encrypted.")
    key_secret_file: Path | None = setting(
        "Keys", "File whose first line is that secret, in place of `AKASHI_KEY_SECRET`."
    )
    anchors: Path | None = setting(
        "Keys", "Anchors file: accreditation bodies, publication key and certification authorities that are trusted."
    )

    demo_serve: bool = setting("Demo", "Whether `akashi demo` serves after it has written everything.", default=True)

    @property
    def database_urls(self) -> dict[str, SecretStr]:
        """Role to URL, for the roles that are given: all five or none."""
        roles = {
            "service": self.database_url,
            "reader": self.database_url_reader,
            "jobs": self.database_url_jobs,
            "keeper": self.database_url_keeper,
            "migrator": self.database_url_migrator,
        }
        return {role: url for role, url in roles.items() if url is not None}

    @property
    def base_url(self) -> str:
        """The public base URL without a slash at its end."""
        return self.public_url.rstrip("/")

    def read_key_secret(self) -> SecretStr | None:
        """The secret of the key folder, from its variable or from its file."""
        if self.key_secret_file is None:
            return self.key_secret
        return SecretStr(self.key_secret_file.read_text(encoding="utf-8").split("\n", 1)[0])

    @model_validator(mode="after")
    def _agree(self) -> Self:
        faults = [*self._contradictions(), *(self._missing_in_production() if self.production else ())]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _contradictions(self) -> list[str]:
        faults = []
        url = urlsplit(self.public_url)
        if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment or url.username:
            faults.append("AKASHI_PUBLIC_URL must be an http or https address without user, query or fragment")
        elif url.scheme == "http" and url.hostname not in LOOPBACK:
            faults.append("AKASHI_PUBLIC_URL must be https, except on this machine itself")
        if 0 < len(self.database_urls) < 5:  # noqa: PLR2004, the five roles above
            faults.append(
                "AKASHI_DATABASE_URL, _READER, _JOBS, _KEEPER and _MIGRATOR are given all together or not at all"
            )
        if self.key_secret is not None and self.key_secret_file is not None:
            faults.append("AKASHI_KEY_SECRET and AKASHI_KEY_SECRET_FILE are given one at a time")
        if self.time_zone not in available_timezones():
            faults.append("AKASHI_TIME_ZONE must be an IANA time zone")
        if self.security_contact is not None and not self.security_contact.startswith(("mailto:", "https:")):
            faults.append("AKASHI_SECURITY_CONTACT must begin with mailto: or https:")
        return faults

    def _missing_in_production(self) -> list[str]:
        given = {
            "AKASHI_DATABASE_URL and its four siblings": self.database_urls,
            "AKASHI_PUBLIC_URL with https": self.public_url.startswith("https:"),
            "AKASHI_KEY_FOLDER": self.key_folder,
            "AKASHI_KEY_SECRET or AKASHI_KEY_SECRET_FILE": self.key_secret or self.key_secret_file,
            "AKASHI_ANCHORS": self.anchors,
            "AKASHI_OPERATOR": self.operator,
            "AKASHI_SECURITY_CONTACT": self.security_contact,
            "AKASHI_PUBLISHED": self.published,
            "AKASHI_LOG_FENCE": self.log_fence,
        }
        return [f"production needs {name}" for name, value in given.items() if not value]


def explain_faults(faults: ValidationError) -> list[str]:
    """One sentence for each wrong value, naming its variable and never its content."""
    sentences: list[str] = []
    for fault in faults.errors(include_url=False, include_input=False, include_context=False):
        name = "".join(PREFIX + str(part).upper() + ": " for part in fault["loc"])
        sentences.extend(name + sentence for sentence in fault["msg"].removeprefix("Value error, ").split("; "))
    return sentences


def render_settings() -> str:
    """The text of docs/settings.md: one table for each group, in the order of this file."""
    lines = ["# Settings", "", "Rendered from `app/settings.py`; `make fix` writes it anew, a test compares it.", ""]
    lines += [
        "Each value is an environment variable. None that is secret has a default, and the service says at start",
        "which value is missing or contradicts another.",
        "",
    ]
    group = None
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        named = str(extra["group"]) if isinstance(extra, dict) else ""
        if named != group:
            lines += [
                *([""] if group else []),
                f"## {named}",
                "",
                "| Variable | Default | What it is |",
                "|---|---|---|",
            ]
            group = named
        default = (
            "none"
            if field.default is None
            else f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
        )
        lines.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"
