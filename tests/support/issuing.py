"""Issuing and carrying out by hand: the rows of both commits in plain SQL, lawful until a test changes one thing.

Signatures are invented: PostgreSQL cannot tell, which is what some tests are about.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.conformity.periods import end_instant, instant_text, start_instant
from app.credentials.jws import signing_input
from app.credentials.statement import statement_input
from app.keys.encoding import b64u, b64u_decode
from app.registry.decision import Decision
from app.registry.sealing import void
from app.storage.rows import Connection, insert, scalar
from tests.support.acts import begin_issue, rows
from tests.support.around import Attempt, digest_of, hold, opened, reserve, seal
from tests.support.world import World

PURPOSES = ("revocation", "suspension", "refresh")


@dataclass
class Issue:
    """A certificate about to be reserved and issued with plain SQL."""

    world: World
    decision: UUID
    row: Any  # of the decision with its certification
    header: dict[str, Any]
    credential: dict[str, Any]
    event: dict[str, Any]
    reserved: dict[str, Any] = field(default_factory=dict)  # where the issuance reservation is to differ
    act: UUID = field(default_factory=uuid4)
    ids: dict[str, UUID] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World, decided: Decision) -> Issue:
        """What the application would issue on this decision, which it then gives up."""
        act = begin_issue(world, decided, key=f"given up {uuid4()}")
        void(world.registry, world.body, act, "begun again by hand")
        parts = rows(world, "SELECT signing_input FROM akashi.reservation WHERE act_id = %(a)s ORDER BY ordinal", a=act)
        (header, credential), (_, event) = (_parts(bytes(row.signing_input)) for row in parts)
        return cls(world, decided.id, decision_row(world, decided.id), header, credential, event)

    def begin(self, connection: Connection, *, claim: bool = True) -> None:
        """The act with its positions, which the credential then names."""
        hold(connection, self.world.body, self.act, "issue", self.decision, bytes(self.row.subject))
        self.event["effective_at"] = instant_text(effective(connection, self.act, self.row))
        for purpose, entry in zip(PURPOSES, self.credential["credentialStatus"], strict=True) if claim else ():
            place = connection.exec_driver_sql(f"SELECT * FROM akashi.claim_position('{purpose}', '{self.act}')").one()
            self.reserved = {f"{purpose}_list": place[0], f"{purpose}_position": place[1]} | self.reserved
            entry["statusListIndex"] = str(place[1])
            entry["id"] = f"{entry['statusListCredential']}#{place[1]}"

    def reserve(self, connection: Connection, *, without: str | None = None, key: str | None = None) -> None:
        """The bytes of certificate and event, but for one that the test leaves out; under another key if given."""
        header = self.header if key is None else self.header | {"kid": key}
        key = key or self.world.ring.certification.thumbprint
        bytes_of = {
            "certificate": signing_input(header, json.dumps(self.credential).encode()),
            "akashi-standing-event-1": statement_input(self.event, key),
        }
        for ordinal, (statement, content) in enumerate(bytes_of.items(), start=1):
            if statement != without:
                self.ids[statement] = reserve(
                    connection,
                    body=self.world.body,
                    act=self.act,
                    ordinal=ordinal,
                    statement=statement,
                    subject=bytes(self.row.subject),
                    signing_input=content,
                    thumbprint=key,
                )

    def intend(self, connection: Connection) -> None:
        """The issuance reservation, which the rules judge."""
        said = {
            "body_id": self.world.body,
            "reservation_id": self.ids["certificate"],
            "act_id": self.act,
            "certification_id": self.row.certification_id,
            "version_no": self.credential["credentialSubject"]["certificateVersion"],
            "decision_id": self.decision,
        }
        insert(connection, "issuance_reservation", **(said | self.reserved))

    def first_commit(self, connection: Connection) -> None:
        """All that stands before the signature."""
        self.begin(connection)
        self.reserve(connection)
        self.intend(connection)

    def seal(self, connection: Connection) -> None:
        """Invented signatures over everything reserved."""
        for reservation in self.ids.values():
            seal(connection, self.world.body, reservation)

    def version(self, connection: Connection, **other: Any) -> None:
        """The row of the version, which the rules judge, with other values where given."""
        said = {
            "body_id": self.world.body,
            "certification_id": self.row.certification_id,
            "version_no": self.credential["credentialSubject"]["certificateVersion"],
            "decision_id": self.decision,
            "envelope_id": self.ids["certificate"],
            "effective_at": start_instant(self.row.effective_on, self.row.time_zone),
            "valid_until": end_instant(self.row.last_valid_day, self.row.time_zone),
        }
        insert(connection, "certificate_version", **(said | other))

    def stand(self, connection: Connection, **other: Any) -> None:
        """The row of the standing event, likewise."""
        version = self.credential["credentialSubject"]["certificateVersion"]
        said = event_row(self.world.body, self.row.certification_id, self.event, self.ids["akashi-standing-event-1"])
        insert(connection, "standing_event", **(said | {"version_no": version} | other))

    def second_commit(self, connection: Connection) -> None:
        """Signatures, version and event."""
        self.seal(connection)
        self.version(connection)
        self.stand(connection)


def decision_row(world: World, decision: UUID, connection: Connection | None = None) -> Any:
    """A decision with its certification's ID and subject, as a transaction sees it or as it is committed."""
    statement = (
        "SELECT d.*, c.public_id, c.subject FROM akashi.decision d JOIN akashi.certification c "
        f"ON c.body_id = d.body_id AND c.id = d.certification_id WHERE d.id = '{decision}'"
    )
    (row,) = rows(world, statement) if connection is None else connection.exec_driver_sql(statement).all()
    return row


def decided_grant(world: World, **proposal: Any) -> Decision:
    """A signed grant of a fresh certification, not issued."""
    public_id, audits = opened(world)
    return world.decide_grant(public_id, audits, **proposal)


def carry_out(connection: Connection, attempt: Attempt, **other: Any) -> None:
    """A decision that makes no version, in one transaction: decided, reserved, sealed, and its event with other values.

    `signed` holds what the signed event is to say differently, `row` what its row is to.
    """
    attempt.decide(connection)
    reserve_and_seal(connection, attempt, **other)


def reserve_and_seal(
    connection: Connection,
    attempt: Attempt,
    *,
    signed: dict[str, Any] | None = None,
    row: dict[str, Any] | None = None,
) -> None:
    """The rest of `carry_out`, after the decision."""
    world, certification = attempt.world, attempt.certification
    (decision,) = connection.exec_driver_sql(f"SELECT * FROM akashi.decision WHERE id = '{attempt.id}'").all()
    document = event_document(connection, attempt, decision) | (signed or {})
    decision_id = attempt.reserve(connection)
    event_id = attempt.reserve(
        connection,
        ordinal=2,
        statement="akashi-standing-event-1",
        signing_input=statement_input(document, world.ring.certification.thumbprint),
    )
    for one in (decision_id, event_id):
        seal(connection, world.body, one)
    said = event_row(world.body, certification.id, document, event_id)
    insert(connection, "standing_event", **(said | (row or {})))


def event_document(connection: Connection, attempt: Attempt, decision: Any) -> dict[str, Any]:
    """The event that carries out a decision, continuing the chain."""
    last = connection.exec_driver_sql(
        "SELECT event_no, to_state FROM akashi.standing_event "
        f"WHERE certification_id = '{decision.certification_id}' ORDER BY event_no DESC LIMIT 1"
    ).one_or_none()
    number, state = (last.event_no, last.to_state) if last else (0, "none")
    to_state = scalar(
        connection,
        "SELECT to_state FROM akashi.transition WHERE from_state = :state AND act = :act",
        state=state,
        act=decision.act,
    )
    return {
        "type": "akashi-standing-event-1",
        "certification": attempt.document["certification"],
        "body": str(attempt.world.body),
        "event_no": number + 1,
        "previous_no": number or None,
        "act": decision.act,
        "from_state": state,
        "to_state": to_state,
        "decision": str(attempt.id),
        "decision_sha256": b64u(digest_of(attempt.bytes())),
        "effective_at": instant_text(effective(connection, attempt.act, decision)),
        "until": attempt.document["until"],
        "time_zone": attempt.document["time_zone"],
        "reason_commitment": attempt.document["reason_commitment"],
    }


def effective(connection: Connection, act: UUID, decision: Any) -> datetime:
    """When an event of this act takes effect: the start of its day, or when the act was fixed if that is later."""
    fixed: datetime = scalar(connection, "SELECT recorded_at FROM akashi.act WHERE id = :act", act=act)
    fixed = fixed.replace(microsecond=fixed.microsecond // 1000 * 1000)
    start = start_instant(decision.effective_on, decision.time_zone)
    return start if decision.act == "annul" else max(start, fixed)


def event_row(body: UUID, certification: UUID, document: dict[str, Any], envelope: UUID) -> dict[str, Any]:
    """The row that says what a signed event says."""
    copied = ("event_no", "act", "from_state", "to_state", "effective_at", "until")
    return {
        "body_id": body,
        "certification_id": certification,
        "decision_id": UUID(document["decision"]),
        "envelope_id": envelope,
        **{name: document[name] for name in copied},
    }


def _parts(content: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload = content.decode("ascii").split(".")
    return json.loads(b64u_decode(header)), json.loads(b64u_decode(payload))
