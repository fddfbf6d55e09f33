"""The offline bundle: everything needed to verify one certificate with public keys alone, in one file.

Canonical JSON of exactly four members, each a signed document or bound by digest in the signed manifest, so that no
byte can change unnoticed: `{"envelopes": […], "format": "akashi-bundle-1", "manifest": …, "status_lists": […]}`.
At most 2 MiB and 1 000 documents. Byte-equal for the same publication. Reading verifies no signature; `examine` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.credentials.canonical import canonical
from app.credentials.encoding import b64u
from app.credentials.statement import read_statement
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.examiner.documents import MANIFEST, Manifest, read_manifest
from app.examiner.evidence import MAX_ENVELOPES, Envelope, Evidence, Source
from app.examiner.report import instant

FORMAT = "akashi-bundle-1"
MAX_BUNDLE_BYTES = 2 * 1024 * 1024
MAX_STATUS_LISTS = 64

_MEMBERS = frozenset({"format", "envelopes", "status_lists", "manifest"})


class BundleRefused(AkashiError):
    """The bytes are no bundle of ours, or were changed: nothing in them is believed."""

    def __init__(self, note: str, field: str = "") -> None:
        super().__init__("bundle_refused", note=note, field=field)


def looks_like_a_bundle(presented: bytes) -> bool:
    """Whether the bytes mean to be a bundle: a JSON object that is no compact JWS."""
    return presented.lstrip()[:1] == b"{"


def manifest_of(evidence: Evidence) -> dict[str, Any]:
    """What the publication key signs about a bundle of this evidence: number, time, and each document in order."""
    if evidence.publication is None:
        raise ValueError("a bundle belongs to a publication")
    return {
        "type": MANIFEST,
        "certificate_id": evidence.certificate_id,
        "publication": evidence.publication,
        "as_of": instant(evidence.as_of),
        "envelopes": [
            {
                "sha256": envelope.digest,
                "n": envelope.n,
                "subject": b64u(envelope.subject),
                "recorded_at": instant(envelope.recorded_at),
            }
            for envelope in evidence.envelopes
        ],
    }


def write_bundle(evidence: Evidence, manifest: str) -> bytes:
    """The bundle of this evidence with its signed manifest; raises `BundleRefused` if a reader would refuse it."""
    if evidence.withheld:
        raise BundleRefused("a signed document cannot be shown in part: something in it is withheld")
    written = canonical(
        {
            "format": FORMAT,
            "envelopes": [envelope.jws for envelope in evidence.envelopes],
            "status_lists": list(evidence.status_lists),
            "manifest": manifest,
        }
    )
    read_bundle(written)
    return written


def read_bundle(presented: bytes) -> Evidence:
    """The evidence in a bundle, unverified but unchanged in form; raises `BundleRefused` with the reason."""
    if len(presented) > MAX_BUNDLE_BYTES:
        raise BundleRefused(f"more than {MAX_BUNDLE_BYTES} bytes")
    try:
        members = parse_object(presented, max_bytes=MAX_BUNDLE_BYTES)
        _check_form(members, presented)
        manifest = read_manifest(_manifest_payload(members["manifest"]))
        return _evidence(members, manifest)
    except BundleRefused:
        raise
    except AkashiError as error:
        raise BundleRefused(str(error)) from error


def _check_form(members: Mapping[str, Any], presented: bytes) -> None:
    if set(members) != _MEMBERS or members["format"] != FORMAT:
        raise BundleRefused(f"a bundle has exactly the members {', '.join(sorted(_MEMBERS))} and format {FORMAT}")
    for member, most in (("envelopes", MAX_ENVELOPES), ("status_lists", MAX_STATUS_LISTS)):
        if not _is_texts(members[member]) or len(members[member]) > most:
            raise BundleRefused(f"at most {most} texts expected", f"/{member}")
    if not isinstance(members["manifest"], str):
        raise BundleRefused("a text expected", "/manifest")
    if canonical(members) != presented:
        raise BundleRefused("not in canonical form (RFC 8785)")


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _manifest_payload(jws: str) -> Mapping[str, Any]:
    return read_statement(jws).payload


def _evidence(members: Mapping[str, Any], manifest: Manifest) -> Evidence:
    """The documents as the manifest lists them: each by its digest, in order, none more and none less."""
    presented = members["envelopes"]
    if len(presented) != len(manifest.envelopes):
        raise BundleRefused("the manifest lists another number of documents", "/envelopes")
    envelopes = tuple(
        Envelope(jws, entry.n, entry.subject, entry.recorded_at)
        for jws, entry in zip(presented, manifest.envelopes, strict=True)
    )
    for place, (envelope, entry) in enumerate(zip(envelopes, manifest.envelopes, strict=True)):
        if envelope.digest != entry.sha256:
            raise BundleRefused("not the document that the manifest lists", f"/envelopes/{place}")
    return Evidence(
        manifest.certificate_id,
        envelopes,
        tuple(members["status_lists"]),
        manifest.as_of,
        manifest.publication,
        Source.BUNDLE,
        members["manifest"],
    )
