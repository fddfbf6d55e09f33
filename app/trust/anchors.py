"""Anchors: the keys that a verifier has chosen to trust, each for one party, one role and one period.

The file is a JSON list of `{party, role, key, from, to}` (the unsigned form of the later trust list): `key` is a JWK
for accreditation bodies and for the publication key, `certificate` (base64 of DER) stands in its place for a CA, `to`
may be null. A CA with `bodies` speaks for these parties only. Entries for development say so; a certificate that calls
itself a development one cannot be entered as anything else. All faults of a file are reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.errors import AkashiError, Fault
from app.keys.encoding import MalformedBase64, b64, b64_decode
from app.keys.keys import MalformedKey, key_from_jwk, public_jwk, thumbprint
from app.trust.certificates import ChainRefused, extension, is_for_development, read_certificate

MAX_ANCHORS = 1000
MAX_TEXT = 200

_REQUIRED = frozenset({"party", "role", "from", "to"})
_OPTIONAL = frozenset({"name", "development"})
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


class MalformedAnchors(AkashiError):
    """The file is no list of anchors; `faults` names every place."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("malformed_anchors", faults=faults)


class Role(StrEnum):
    """What an anchor may say: accreditations and bindings, identity alone, what is published, or who holds a key."""

    ACCREDITATION_BODY = "accreditation_body"
    REGISTRY = "registry"
    PUBLICATION = "publication"
    CA = "ca"


@dataclass(frozen=True, kw_only=True)
class _Anchor:
    party: str
    valid_from: datetime
    valid_to: datetime | None = None
    name: str | None = None
    development: bool = False

    def holds_at(self, at: datetime) -> bool:
        """Whether the verifier trusts this anchor at the instant; `valid_to` is the first instant outside."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, kw_only=True)
class KeyAnchor(_Anchor):
    """A key of an accreditation body, the registry's for bindings by identity, or the publication key."""

    role: Role
    key: ec.EllipticCurvePublicKey

    @property
    def thumbprint(self) -> str:
        """Name of the key."""
        return thumbprint(self.key)


@dataclass(frozen=True, kw_only=True)
class Authority(_Anchor):
    """A CA certificate at which chains of X.509 may end; with `bodies`, for these parties only."""

    certificate: x509.Certificate
    bodies: tuple[str, ...] | None = None

    def speaks_for(self, party: str) -> bool:
        """Whether a chain of this party may end here."""
        return self.bodies is None or party in self.bodies


@dataclass(frozen=True)
class Anchors:
    """Everything that one verifier trusts."""

    keys: tuple[KeyAnchor, ...] = ()
    authorities: tuple[Authority, ...] = ()

    @property
    def development(self) -> bool:
        """Whether anything here is for development: results then carry a banner."""
        return any(anchor.development for anchor in (*self.keys, *self.authorities))

    @property
    def ca_certificates(self) -> tuple[x509.Certificate, ...]:
        """All certificates at which a chain may end."""
        return tuple(authority.certificate for authority in self.authorities)

    def accreditation_key(self, party: str, wanted: str, at: datetime) -> ec.EllipticCurvePublicKey | None:
        """The key of this accreditation body with this thumbprint, if it is trusted at the instant."""
        return self._key_of(Role.ACCREDITATION_BODY, party, wanted, at)

    def registry_key(self, party: str, wanted: str, at: datetime) -> ec.EllipticCurvePublicKey | None:
        """The key by which this registry says who holds a key: identity, and nothing about accreditation."""
        return self._key_of(Role.REGISTRY, party, wanted, at)

    def _key_of(self, role: Role, party: str, wanted: str, at: datetime) -> ec.EllipticCurvePublicKey | None:
        return next(
            (
                anchor.key
                for anchor in self.keys
                if anchor.role is role and anchor.party == party and anchor.thumbprint == wanted and anchor.holds_at(at)
            ),
            None,
        )

    def publication_key(self, wanted: str, at: datetime) -> ec.EllipticCurvePublicKey | None:
        """The publication key with this thumbprint, if it is trusted at the instant."""
        return next(
            (
                anchor.key
                for anchor in self.keys
                if anchor.role is Role.PUBLICATION and anchor.thumbprint == wanted and anchor.holds_at(at)
            ),
            None,
        )

    def as_json(self) -> list[dict[str, Any]]:
        """The content of the anchors file; `parse_anchors` reads it back as the same anchors."""
        return [_key_as_json(anchor) for anchor in self.keys] + [_ca_as_json(anchor) for anchor in self.authorities]


def parse_anchors(presented: object) -> Anchors:
    """The anchors of a file's JSON value (read strictly by the caller); raises `MalformedAnchors`."""
    if not isinstance(presented, list) or len(presented) > MAX_ANCHORS:
        raise MalformedAnchors(
            (Fault("malformed_anchors", "", f"a list of at most {MAX_ANCHORS} anchors is expected"),)
        )
    readers = [_Entry(place, entry) for place, entry in enumerate(presented)]
    anchors = [reader.anchor() for reader in readers]
    faults = tuple(fault for reader in readers for fault in reader.faults)
    if faults:
        raise MalformedAnchors(faults)
    return Anchors(
        tuple(anchor for anchor in anchors if isinstance(anchor, KeyAnchor)),
        tuple(anchor for anchor in anchors if isinstance(anchor, Authority)),
    )


class _Entry:
    """Reads one entry and keeps a fault for each of its members that cannot be read."""

    def __init__(self, place: int, presented: object) -> None:
        self._place = f"/{place}"
        self._presented: dict[str, Any] = presented if isinstance(presented, dict) else {}
        self.faults: list[Fault] = []

    def anchor(self) -> KeyAnchor | Authority | None:
        """The anchor, or None if any fault was found."""
        role = self._role()
        if role is None:
            return None
        self._check_members({"certificate", "bodies"} if role is Role.CA else {"key"}, optional={"bodies"})
        common: dict[str, Any] = {
            "party": self._text("party"),
            "valid_from": self._instant("from"),
            "valid_to": None if self._presented.get("to") is None else self._instant("to"),
            "name": self._text("name") if "name" in self._presented else None,
            "development": self._flag("development"),
        }
        if common["valid_from"] and common["valid_to"] and common["valid_to"] <= common["valid_from"]:
            self._fault("to", "the period ends before it begins")
        if role is Role.CA:
            own: dict[str, Any] = {"certificate": self._certificate(), "bodies": self._bodies()}
            return None if self.faults else Authority(**common, **own)
        key: Any = self._key()
        return None if self.faults else KeyAnchor(**common, role=role, key=key)

    def _fault(self, member: str, note: str) -> None:
        self.faults.append(Fault("malformed_anchors", f"{self._place}/{member}" if member else self._place, note))

    def _role(self) -> Role | None:
        try:
            return Role(self._presented.get("role", ""))
        except ValueError:
            self._fault("role", f"one of {', '.join(Role)} is expected")
            return None

    def _check_members(self, own: set[str], optional: set[str]) -> None:
        for member in sorted((_REQUIRED | (own - optional)) - set(self._presented)):
            self._fault(member, "is missing")
        for member in sorted(set(self._presented) - _REQUIRED - _OPTIONAL - own):
            self._fault(member[:MAX_TEXT], "is not known here")

    def _text(self, member: str) -> str:
        value = self._presented.get(member)
        if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT or not value.isprintable():
            self._fault(member, "a text is expected")
        return str(value)

    def _instant(self, member: str) -> datetime | None:
        value = self._presented.get(member)
        try:
            if isinstance(value, str) and _INSTANT.fullmatch(value):
                return datetime.fromisoformat(value)
        except ValueError:
            pass
        self._fault(member, "an instant like 2026-11-25T00:00:00Z is expected")
        return None

    def _flag(self, member: str) -> bool:
        value = self._presented.get(member, False)
        if not isinstance(value, bool):
            self._fault(member, "true or false is expected")
        return value is True

    def _key(self) -> ec.EllipticCurvePublicKey | None:
        try:
            return key_from_jwk(self._presented.get("key"))
        except MalformedKey as error:
            self._fault("key", error.note)
            return None

    def _certificate(self) -> x509.Certificate | None:
        try:
            certificate = read_certificate(b64_decode(str(self._presented.get("certificate"))))
        except (MalformedBase64, ChainRefused) as error:
            self._fault("certificate", error.note)
            return None
        for note in self._reasons_against(certificate):
            self._fault("certificate", note)
        return certificate

    def _reasons_against(self, certificate: x509.Certificate) -> Iterator[str]:
        constraints = extension(certificate, x509.BasicConstraints)
        if constraints is None or not constraints.ca:
            yield "this certificate is not that of a CA"
        if is_for_development(certificate) and self._presented.get("development") is not True:
            yield "a development certificate is entered as a production anchor"

    def _bodies(self) -> tuple[str, ...] | None:
        bodies = self._presented.get("bodies")
        if bodies is not None and not (isinstance(bodies, list) and all(isinstance(body, str) for body in bodies)):
            self._fault("bodies", "a list of party ids is expected")
            return None
        return None if bodies is None else tuple(bodies)


def _common_as_json(anchor: _Anchor, role: Role) -> dict[str, Any]:
    content: dict[str, Any] = {
        "party": anchor.party,
        "role": role.value,
        "from": _instant_text(anchor.valid_from),
        "to": None if anchor.valid_to is None else _instant_text(anchor.valid_to),
    }
    if anchor.name is not None:
        content["name"] = anchor.name
    if anchor.development:
        content["development"] = True
    return content


def _key_as_json(anchor: KeyAnchor) -> dict[str, Any]:
    return {**_common_as_json(anchor, anchor.role), "key": public_jwk(anchor.key)}


def _ca_as_json(anchor: Authority) -> dict[str, Any]:
    # Whoever only reads anchors does without: it loads ciphers and SSH keys, a tenth of the start of `akashi verify`.
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    content = {**_common_as_json(anchor, Role.CA), "certificate": b64(anchor.certificate.public_bytes(Encoding.DER))}
    return content if anchor.bodies is None else {**content, "bodies": list(anchor.bodies)}


def _instant_text(instant: datetime) -> str:
    """Seconds are fine enough for a period of trust; the file has no fractions."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
