"""Queries of the public record, run as `akashi_reader`: it sees the views of schema public_record and nothing else."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import many, one, scalar

SCHEME_DATA = {
    "scheme": "code",
    "scheme_phase": "scheme_code, starts_on",
    "normative_document": "scheme_code, designation",
    "edition_transition": "scheme_code, designation, stated_on",
    "scheme_term": "scheme_code, vocabulary, code",
    "required_audit": "scheme_code, act, kinds",
    "reason_code": "act, code",
    "decision_type": "act",
    "transition": "from_state, act",
    "requirement": "act, rule",
    "accreditation_transition": "from_status, act",
}
"""The views of scheme data, each with the order in which it is read."""


def certification(connection: Connection, public_id: str) -> Row[Any] | None:
    """An issued certification with what its holder consented to show."""
    return one(
        connection, "SELECT * FROM public_record.certification WHERE public_id = :public_id", public_id=public_id
    )


def takeover(connection: Connection, public_id: str) -> Row[Any] | None:
    """Which certificate of another body continues this one, with the evidence that stood in for its body's word."""
    return one(
        connection,
        "SELECT t.public_id, t.recorded_at, e.subject AS evidence_subject FROM public_record.takeover t "
        "LEFT JOIN LATERAL (SELECT e.subject FROM public_record.envelope e "
        "WHERE e.body_id = t.evidence_body_id AND e.id = t.evidence_id OFFSET 0) e ON true "
        "WHERE t.from_public_id = :public_id",
        public_id=public_id,
    )


def envelopes(connection: Connection, subjects: list[bytes]) -> tuple[Row[Any], ...]:
    """Every signed fact about these subjects, in their order and by ordinal."""
    return many(
        connection,
        "SELECT e.body_id, e.subject, e.n, e.statement, e.thumbprint, e.signing_input, e.signature, e.recorded_at "
        "FROM public_record.envelope e WHERE e.subject = ANY (:subjects) "
        "ORDER BY array_position(:subjects, e.subject), e.n",
        subjects=subjects,
    )


def versions(connection: Connection, body: UUID, certification_id: UUID) -> tuple[Row[Any], ...]:
    """All issued versions with their status positions and credentials."""
    return many(
        connection,
        "SELECT v.*, e.signing_input, e.signature FROM public_record.certificate_version v, "
        "LATERAL (SELECT e.signing_input, e.signature FROM public_record.envelope e "
        "WHERE e.body_id = v.body_id AND e.id = v.envelope_id OFFSET 0) e "
        "WHERE v.body_id = :body AND v.certification_id = :certification ORDER BY v.version_no",
        body=body,
        certification=certification_id,
    )


def by_number(connection: Connection, folded_number: str, body: UUID | None, limit: int) -> tuple[Row[Any], ...]:
    """Certifications whose holder consented to the directory, by the body's own number as folded; at most `limit`."""
    return many(
        connection,
        "SELECT c.public_id, c.number FROM public_record.certification c "
        "WHERE c.folded_number = :number AND 'directory' = ANY (c.consented) "
        "AND (CAST(:body AS uuid) IS NULL OR c.body_id = :body) ORDER BY c.sequence LIMIT :limit",
        number=folded_number,
        body=body,
        limit=limit,
    )


@dataclass(frozen=True)
class Place:
    """After (or, backwards, before) which row a page of a list begins."""

    sequence: int
    id: str
    backwards: bool = False


@dataclass(frozen=True)
class Narrowed:
    """What a list of the directory is narrowed to: by what was known at a time, and by what is not None."""

    known_at: datetime
    number: str | None = None
    name: str | None = None
    body: UUID | None = None
    scheme: str | None = None
    country: str | None = None


_FOUND = (
    "FROM {source} c "
    "WHERE 'directory' = ANY (c.consented) AND c.recorded_at <= :known_at AND c.findable_since <= :known_at "
    "AND (CAST(:number AS text) IS NULL OR c.folded_number = :number) "
    "AND (CAST(:body AS uuid) IS NULL OR c.body_id = :body) "
    "AND (CAST(:scheme AS text) IS NULL OR c.scheme_code = :scheme) "
    "AND (CAST(:country AS text) IS NULL OR c.country = :country) "
)
_ALL = "public_record.certification"
_BY_NAME = (
    "akashi.found_by_name(:name, :known_at) f, LATERAL (SELECT * FROM public_record.certification x "
    "WHERE x.body_id = f.body_id AND x.id = f.certification_id OFFSET 0)"
)
"""Only what a name led to is looked at. `OFFSET 0` hands each row's key into the view, which a join with it would not."""
_IN_ORDER = _BY_NAME.replace(
    "found_by_name(:name, :known_at)",
    "findable_in_order(:known_at, :scheme, :country, CAST(:sequence AS bigint), :backwards, :limit)",
)
"""Only the page itself is looked at, along the order of the directory."""


def directory(connection: Connection, narrowed: Narrowed, *, place: Place | None, limit: int) -> tuple[Row[Any], ...]:
    """Certifications whose holder consented to the directory, from a place on, nearest to it first."""
    backwards = place is not None and place.backwards
    direction, beyond = ("DESC", "<") if backwards else ("ASC", ">")
    return many(
        connection,
        "SELECT c.sequence, c.id, c.public_id, c.number, c.scheme_code, c.body_id "
        f"{_found(narrowed)}"
        f"AND (CAST(:sequence AS bigint) IS NULL OR (c.sequence, c.public_id) {beyond} (:sequence, CAST(:id AS text))) "
        f"ORDER BY c.sequence {direction}, c.public_id {direction} LIMIT :limit",
        **asdict(narrowed),
        sequence=None if place is None else place.sequence,
        id=None if place is None else place.id,
        backwards=backwards,
        limit=limit,
    )


def count_in_directory(connection: Connection, narrowed: Narrowed, most: int) -> int:
    """How many there are, counted up to one more than `most`: then only "more than" is honest (C119)."""
    return int(
        scalar(
            connection,
            f"SELECT count(*) FROM (SELECT {_found(narrowed)} LIMIT :limit) found",  # noqa: S608, all text is ours
            **asdict(narrowed),
            sequence=None,
            backwards=False,
            limit=most + 1,
        )
    )


def _found(narrowed: Narrowed) -> str:
    if narrowed.name is not None:
        return _FOUND.format(source=_BY_NAME)
    return _FOUND.format(source=_IN_ORDER if narrowed.number is None and narrowed.body is None else _ALL)


def holder_names(connection: Connection, certifications: list[UUID], known_at: datetime) -> tuple[Row[Any], ...]:
    """All names of holders who consented to be found by name, former ones too, with their days as known at a time."""
    return many(
        connection,
        "SELECT n.certification_id, n.name, n.folded, n.language, n.script, n.valid_from, p.time_zone, "
        "CASE WHEN n.end_recorded_at > :known_at THEN n.valid_to_as_registered ELSE n.valid_to END AS valid_to "
        "FROM public_record.holder_name n JOIN public_record.party p ON p.id = n.body_id "
        "WHERE n.certification_id = ANY (:certifications) AND n.recorded_at <= :known_at "
        "ORDER BY n.certification_id, n.language, n.script, n.name",
        certifications=certifications,
        known_at=known_at,
    )


def parties(
    connection: Connection, kind: str | None, place: Place | None, limit: int, known_at: datetime
) -> tuple[Row[Any], ...]:
    """Bodies registered by a time, all or of one kind, from a place on, nearest to it first."""
    backwards = place is not None and place.backwards
    direction, beyond = ("DESC", "<") if backwards else ("ASC", ">")
    return many(
        connection,
        "SELECT id, kind, country, time_zone, public_information FROM public_record.party "  # noqa: S608, all text is ours
        "WHERE recorded_at <= :known_at AND (CAST(:kind AS text) IS NULL OR kind = :kind) "
        f"AND (CAST(:id AS text) IS NULL OR CAST(id AS text) {beyond} :id) "
        f"ORDER BY CAST(id AS text) {direction} LIMIT :limit",
        kind=kind,
        known_at=known_at,
        id=None if place is None else place.id,
        limit=limit,
    )


def party(connection: Connection, party_id: UUID) -> Row[Any] | None:
    """One body."""
    return one(
        connection,
        "SELECT id, kind, country, time_zone, public_information, recorded_at FROM public_record.party WHERE id = :party",
        party=party_id,
    )


def party_names(connection: Connection, party_ids: list[UUID], known_at: datetime | None) -> tuple[Row[Any], ...]:
    """Names of bodies, all or those recorded by a time."""
    return many(
        connection,
        "SELECT party_id, name, language, valid_from, valid_to FROM public_record.party_name "
        "WHERE party_id = ANY (:parties) AND (CAST(:known_at AS timestamptz) IS NULL OR recorded_at <= :known_at) "
        "ORDER BY party_id, language, name",
        parties=party_ids,
        known_at=known_at,
    )


def signing_keys(connection: Connection, party_id: UUID) -> tuple[Row[Any], ...]:
    """A body's registered keys, for its DID document."""
    return many(
        connection,
        "SELECT thumbprint, purpose, jwk, recorded_at FROM public_record.signing_key WHERE party_id = :party ORDER BY thumbprint",
        party=party_id,
    )


def key_bindings(connection: Connection, party_id: UUID) -> tuple[Row[Any], ...]:
    """Which accreditation body bound which key of a body, for what and how long, oldest first."""
    return many(
        connection,
        "SELECT body_id AS accreditation_body_id, accreditation_id, thumbprint, purposes, valid_from, valid_to, "
        "recorded_at "
        "FROM public_record.key_binding WHERE bound_body_id = :party ORDER BY recorded_at, id",
        party=party_id,
    )


def identity_bindings(connection: Connection, party_id: UUID) -> tuple[Row[Any], ...]:
    """Which keys the registry identified as this party's, in which scheme and how long, oldest first."""
    return many(
        connection,
        "SELECT body_id AS registry_id, scheme_code, thumbprint, purposes, valid_from, valid_to, recorded_at "
        "FROM public_record.identity_binding WHERE bound_body_id = :party ORDER BY recorded_at, id",
        party=party_id,
    )


def accreditation(connection: Connection, accreditation_id: UUID) -> Row[Any] | None:
    """One accreditation."""
    return one(connection, "SELECT * FROM public_record.accreditation WHERE id = :id", id=accreditation_id)


def accreditations_of(connection: Connection, party_id: UUID) -> tuple[Row[Any], ...]:
    """The accreditations that a body holds or gave."""
    return many(
        connection,
        "SELECT * FROM public_record.accreditation WHERE accredited_id = :party OR accreditation_body_id = :party "
        "ORDER BY number, id",
        party=party_id,
    )


def statements(connection: Connection, accreditation_ids: list[UUID]) -> tuple[Row[Any], ...]:
    """The signed statements of accreditations, in the order of their numbers."""
    return many(
        connection,
        "SELECT s.*, e.signing_input, e.signature FROM public_record.accreditation_statement s, "
        "LATERAL (SELECT e.signing_input, e.signature FROM public_record.envelope e "
        "WHERE e.body_id = s.body_id AND e.id = s.envelope_id OFFSET 0) e "
        "WHERE s.accreditation_id = ANY (:ids) ORDER BY s.accreditation_id, s.statement_no",
        ids=accreditation_ids,
    )


def letters_about(connection: Connection, subjects: list[bytes]) -> tuple[Row[Any], ...]:
    """Under which accreditations letters were written that name these certifications, and when."""
    return many(
        connection,
        "SELECT accreditation_id, recorded_at FROM akashi.letters_about(:subjects)",
        subjects=subjects,
    )


def arrangements(connection: Connection) -> tuple[Row[Any], ...]:
    """The recognition arrangements there are and were."""
    return many(connection, "SELECT * FROM public_record.recognition_arrangement ORDER BY valid_from, code")


def edition_transitions(connection: Connection, scheme: str) -> tuple[Row[Any], ...]:
    """What was stated about the ends of a scheme's editions, oldest first."""
    return many(
        connection,
        "SELECT * FROM public_record.edition_transition WHERE scheme_code = :scheme ORDER BY designation, stated_on",
        scheme=scheme,
    )


def recognitions(connection: Connection, parties: list[UUID]) -> tuple[Row[Any], ...]:
    """What was copied about the recognition of accreditation bodies, oldest first."""
    return many(
        connection,
        "SELECT * FROM public_record.recognition WHERE party_id = ANY (:parties) ORDER BY valid_from, recorded_at, id",
        parties=parties,
    )


def scheme_data(connection: Connection) -> dict[str, tuple[Row[Any], ...]]:
    """All that a scheme consists of, by the name of its table."""
    return {
        view: many(connection, f"SELECT * FROM public_record.{view} ORDER BY {order}")  # noqa: S608, names are ours
        for view, order in SCHEME_DATA.items()
    }
