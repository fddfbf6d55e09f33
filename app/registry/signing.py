"""The keeper's side of signing: it is never handed bytes or a digest, only the id of a committed reservation.

It reads the reservation under its own database role, recomputes the bytes from the records, checks the evidence of
every named decider, the binding of the key and that the act is open, and only then signs (records, signing). In this
process for now; a process of its own later, and the call does not change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.keys.encoding import b64u
from app.keys.evidence import check_evidence
from app.keys.keys import key_from_jwk
from app.keys.software import KeyFolder
from app.registry.drafts import commitment, digest_of
from app.registry.recomposition import MAX_DOCUMENT_BYTES, MAX_SHEET_BYTES, recompose
from app.storage import certifications, committees, envelopes
from app.storage.database import Database, attempt_each
from app.storage.rows import Connection, Row


@dataclass(frozen=True)
class Signer:
    """Signs committed reservations with the keys of this installation."""

    database: Database
    keys: KeyFolder
    base_url: str

    def sign(self, reservation: UUID) -> bytes:
        """The 64-byte signature over the reserved bytes; raises if anything about them is not as the records say."""
        signed = self.sign_all([reservation])[reservation]
        if isinstance(signed, AkashiError):
            raise signed
        return signed

    def sign_all(self, reservations: Sequence[UUID]) -> dict[UUID, bytes | AkashiError]:
        """The same for several, read in one transaction: for each its signature, or why it is not given."""
        lawful: set[UUID] = set()
        with self.database.transaction("keeper") as connection:
            check = partial(self._check, connection, lawful)
            checked = attempt_each(connection, reservations, check, again=lawful.clear)
        return {
            reservation: row if isinstance(row, AkashiError) else self._sign(row)
            for reservation, row in checked.items()
        }

    def _check(self, connection: Connection, lawful: set[UUID], reservation: UUID) -> Row[Any]:
        """The reservation, found as the records say; what its act rests on is asked once (`lawful` holds such acts)."""
        row = envelopes.to_sign(connection, reservation)
        if row is None:
            raise AkashiError("unknown_reservation")
        if not row.open:
            raise AkashiError("act_is_void")
        if row.sealed:
            raise AkashiError("act_is_sealed")
        if not row.bound:
            raise AkashiError("key_not_bound")
        if row.act_id not in lawful:
            _check_deciders(connection, row)
            if row.kind == "decision":
                certifications.check_still_lawful(connection, row.body_id, row.draft_id, row.act_id)
            lawful.add(row.act_id)
        if recompose(connection, row, self.base_url) != row.signing_input:
            raise AkashiError("document_mismatch")
        return row

    def _sign(self, row: Row[Any]) -> bytes:
        return self.keys.signer(row.thumbprint).sign(row.signing_input)


def _check_deciders(connection: Connection, row: Row[Any]) -> None:
    """Every person whom the draft names confirmed it with their own key; the document commits to them alone.

    A key confirms nothing from the instant of its end. Evidence over a sheet counts for what the sheet lists.
    """
    people = envelopes.evidence_of(connection, row.body_id, row.draft_id)
    if not people or any(person.evidence is None or person.jwk is None for person in people):
        raise AkashiError("not_confirmed")
    if any(person.key_ended for person in people):
        raise AkashiError("person_key_ended")
    for person in people:
        _check_evidence(connection, row, person)
    committed = _committed(parse_object(row.document, max_bytes=MAX_DOCUMENT_BYTES))
    if committed is not None and committed != {commitment(str(one.person_id).encode(), one.salt) for one in people}:
        raise AkashiError("document_mismatch")


def _check_evidence(connection: Connection, row: Row[Any], person: Row[Any]) -> None:
    """The person's own signature, over this document or over a sheet that lists it by its digest."""
    key = key_from_jwk(person.jwk)
    if person.evidence["type"] != "sheet":
        check_evidence(person.evidence, key, row.document)
        return
    sheet = committees.sheet_of(connection, row.body_id, row.draft_id)
    if sheet is None or str(sheet.sheet_id) != person.evidence["sheet"]:
        raise AkashiError("not_confirmed")
    item = {"decision": str(row.draft_id), "sha256": b64u(digest_of(row.document))}
    if item not in parse_object(sheet.document, max_bytes=MAX_SHEET_BYTES)["items"]:
        raise AkashiError("not_confirmed")
    evidence = {name: value for name, value in person.evidence.items() if name != "sheet"}
    check_evidence(evidence | {"type": "key"}, key, sheet.document)


def _committed(document: dict[str, Any]) -> set[str] | None:
    """The commitments to persons in a document; None for a key binding, which names nobody."""
    if "deciders" in document:
        return set(document["deciders"])
    officer = document.get("confirmed_by_commitment")
    return None if officer is None else {officer}
