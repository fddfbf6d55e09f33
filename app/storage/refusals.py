"""From what PostgreSQL refuses to our stable codes; a constraint's raw text never leaves this module.

Rules raise SQLSTATE AKR01 with the code as their message; constraints are known by name; another body's rows read as
unknown, since row-level security hides them from foreign keys' parents and from policies alike. Rules compose these
codes: open_major_finding, open_minor_finding; and with _at_decision or _now not_accredited_at_decision,
not_accredited_now, outside_accreditation_at_decision, outside_accreditation_now, accreditation_suspended_at_decision,
accreditation_suspended_now.
"""

from __future__ import annotations

import psycopg
from sqlalchemy.exc import DBAPIError

from app.errors import AkashiError

RULE = "AKR01"

# Constraint or index name to code. What is not listed falls back to its SQLSTATE below.
CONSTRAINTS = {
    "effective_before_decision": "effective_before_decision",
    "suspension_ends_before_it_begins": "suspension_ends_before_it_begins",
    "public_information_missing": "public_information_missing",
    "declined_without_reason": "declined_without_reason",
    "accreditation_declined_without_reason": "declined_without_reason",
    "accreditation_application_review_pkey": "application_already_reviewed",
    "recognition_period": "recognition_period",
    "recognition_end_pkey": "already_recorded",
    "audit_ends_before_it_begins": "audit_ends_before_it_begins",
    "function_ends_before_it_begins": "function_ends_before_it_begins",
    "stage_2_without_stage_1": "stage_2_without_stage_1",
    "accreditation_period": "accreditation_period",
    "binding_period": "binding_period",
    "identity_binding_period": "binding_period",
    "one_registry": "already_recorded",
    "certification_without_agreement": "agreement_missing",
    "suspension_names_its_scope": "suspension_names_its_scope",
    "party_country": "unknown_country",
    "organisation_country": "unknown_country",
    "site_country": "unknown_country",
    "act_idempotency": "idempotency_key_in_use",
    "certification_body_id_folded_number_key": "certificate_number_taken",
    "certificate_number_looks_alike": "certificate_number_taken",
    "overlap_confirmation_pkey": "already_recorded",
    "certification_body_id_application_id_key": "application_already_used",
    "accreditation_body_id_number_key": "accreditation_number_taken",
    "standing_event_from_state_act_to_state_fkey": "no_such_transition",
    "accreditation_statement_from_status_act_status_fkey": "no_such_transition",
    "certificate_version_pkey": "version_out_of_order",
    "standing_event_pkey": "event_out_of_order",
    "accreditation_statement_pkey": "event_out_of_order",
    "one_team_leader": "second_team_leader",
    "one_planned_leader": "second_team_leader",
    "stage_1_basis_without_reason": "value_refused",
    "competence_ends_before_it_begins": "period_without_days",
    "interest_ends_before_it_begins": "interest_ends_before_it_begins",
    "relation_ends_before_it_begins": "interest_ends_before_it_begins",
    "entity_before_its_agreement": "entity_before_its_agreement",
    "visited_site_not_in_programme": "visited_site_not_in_programme",
    "sampling_without_reason": "sampling_without_reason",
    "adjustment_without_reason": "adjustment_without_reason",
    "no_time_to_object": "no_time_to_object",
    "plan_ends_before_it_begins": "audit_ends_before_it_begins",
    "audit_programme_body_id_certification_id_cycle_version_key": "try_again",
    "confirmation_pkey": "already_confirmed",
    "application_review_pkey": "application_already_reviewed",
    "signing_key_pkey": "key_taken",
    "signing_key_thumbprint_key": "key_taken",
    "person_key_pkey": "key_taken",
    "possession_use_pkey": "nonce_used",
    "request_pkey": "idempotency_key_in_use",
    "appealed_once": "already_appealed",
    "agreement_body_id_organisation_id_version_key": "try_again",
}

SQLSTATES = {
    "42501": "unknown_reference",  # a row that row-level security does not let this body write, or no privilege
    "23503": "unknown_reference",
    "23505": "already_recorded",
    "23514": "value_refused",
    "23502": "value_refused",
    "22P02": "value_refused",
    "22007": "value_refused",
    "22008": "value_refused",
    "40001": "try_again",
    "40P01": "try_again",
    "55P03": "try_again",
    "57014": "try_again",
    "53100": "storage_full",
}

# Beginnings of SQLSTATEs: connection exceptions, a server that starts or shuts down, one that lacks resources.
SERVER_GONE = ("08", "57P", "53")


def as_refusal(error: DBAPIError) -> AkashiError:
    """The refusal that stands for a database error; one that we do not know is a defect of ours."""
    origin = error.orig
    if not isinstance(origin, psycopg.Error):
        return AkashiError("database_unavailable")
    if origin.sqlstate == RULE:
        return AkashiError(origin.diag.message_primary or "internal_error", note=origin.diag.message_detail or "")
    code = CONSTRAINTS.get(origin.diag.constraint_name or "") or SQLSTATES.get(origin.sqlstate or "")
    return AkashiError(code or _other(origin))


def _other(origin: psycopg.Error) -> str:
    """What an error without an entry above stands for; the driver itself gives no SQLSTATE."""
    if origin.sqlstate is None:
        return "value_refused" if isinstance(origin, psycopg.DataError) else "database_unavailable"
    return "database_unavailable" if origin.sqlstate.startswith(SERVER_GONE) else "internal_error"
