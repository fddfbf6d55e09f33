"""How any certification of the demonstration goes its way: assessed, granted, decided about, renamed.

Each step calls the acts that anybody's client would call, on the day that the database's clock shows.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.keys.evidence import sign_evidence
from app.registry import (
    agreement,
    application,
    audit,
    audit_plan,
    audit_programme,
    audit_time,
    certification,
    decision,
    issuance,
    organisations,
)
from app.registry.demonstration.cast import CastBody, CastOrganisation, CastSite
from app.registry.demonstration.stage import SCHEME, STANDARD, Company, Prepared, Stage
from app.registry.gathered_facts import Wanted

HEADCOUNT = 40
"""People who work under an organisation's control."""


def assess(stage: Stage, body: CastBody, cast: CastOrganisation, number: str, *, confidential: bool = False) -> None:
    """From the application to the end of stage 2, with the agreement and what its organisation consents to."""
    company = stage.companies[body.key]
    today = stage.today(company)
    organisation = organisations.register_organisation(
        stage.registry, company.actor, names=_names(cast), country=cast.country
    )
    sites = tuple(
        organisations.add_site(stage.registry, company.actor, organisation, _site_facts(site)) for site in cast.sites
    )
    applied = application.receive(
        stage.registry,
        company.actor,
        organisation=organisation,
        scheme=SCHEME,
        scope_requested=cast.scope,
        areas=cast.areas,
        roles=cast.roles,
        headcount=HEADCOUNT,
        sites=sites,
        received_on=today - timedelta(days=60),
    )
    application.review(
        stage.registry,
        company.actor,
        application=applied,
        reviewer=company.people["reviewer"].id,
        outcome="accepted",
        reviewed_on=today - timedelta(days=55),
    )
    signed = agreement.sign_agreement(
        stage.registry,
        company.actor,
        organisation=organisation,
        signed_on=today - timedelta(days=50),
        consented=() if confidential else agreement.FIELDS,
        clauses=agreement.CLAUSES,
    )
    opened = certification.open_certification(
        stage.registry, company.actor, application=applied, agreement=signed, number=number
    )
    plan_cycle(stage, company, opened.public_id, sites, today - timedelta(days=49))
    stage_1 = hold_audit(stage, company, opened.public_id, "stage_1", today - timedelta(days=30))
    stage_2 = hold_audit(stage, company, opened.public_id, "stage_2", today - timedelta(days=10), stage_1)
    stage.prepared[cast.key] = Prepared(opened.public_id, organisation, sites, (stage_1, stage_2))


def grant(
    stage: Stage,
    body: CastBody,
    cast: CastOrganisation,
    *,
    effective_on: date | None = None,
    last_valid_day: date | None = None,
) -> str:
    """The certification is granted by an independent decider and its certificate issued; returns the public ID."""
    company, prepared = stage.companies[body.key], stage.prepared[cast.key]
    today = stage.today(company)
    wanted = Wanted(
        designation=STANDARD,
        statement=cast.scope,
        language="en",
        translations=(("ja", cast.scope_ja),) if cast.scope_ja else (),
        roles=cast.roles,
        areas=cast.areas,
        site_ids=prepared.sites,
        soa_version="1.2",
        soa_date=today - timedelta(days=45),
        last_valid_day=last_valid_day,
    )
    return decide(
        stage,
        body,
        cast,
        "grant",
        relied_on=prepared.audits,
        accreditations=tuple(company.accreditations.values()),
        certificate=wanted,
        effective_on=effective_on,
    )


def decide(stage: Stage, body: CastBody, cast: CastOrganisation, act: str, **more: Any) -> str:
    """A decision is drafted, confirmed by its deciders' own keys and carried out; returns the public ID."""
    company, prepared = stage.companies[body.key], stage.prepared[cast.key]
    deciders = [company.people["decider"]]
    if act == "annul":
        deciders.append(company.people["second_decider"])
    proposal = decision.Proposal(
        prepared.public_id, act, stage.today(company), tuple(player.id for player in deciders), **more
    )
    draft = decision.draft_decision(stage.registry, company.actor, proposal)
    for player in deciders:
        evidence = sign_evidence(player.key, draft.document)
        decision.confirm_decision(stage.registry, company.actor, draft.id, evidence)
    if act in {"grant", "amend"}:
        issuance.issue(stage.registry, company.actor, draft.id, idempotency_key=f"demonstration-{draft.id}")
    return prepared.public_id


def rename(stage: Stage, body: CastBody, cast: CastOrganisation, name: str, *, before: str | None = None) -> None:
    """The organisation's English name, or another that it had `before`, ended yesterday; from today it has this one."""
    company, prepared = stage.companies[body.key], stage.prepared[cast.key]
    today = stage.today(company)
    organisations.end_name(
        stage.registry,
        company.actor,
        prepared.organisation,
        name=before or cast.en,
        language="en",
        script="Latn",
        last_day=today - timedelta(days=1),
    )
    changed = organisations.OrganisationName(name, "en", "Latn", "register", valid_from=today)
    organisations.add_name(stage.registry, company.actor, prepared.organisation, changed)


def plan_cycle(
    stage: Stage, company: Company, public_id: str, sites: tuple[UUID, ...], day: date, cycle: int = 1
) -> None:
    """The audits of a cycle with their sites, and the time that they take."""
    reviewer = company.people["reviewer"].id
    programme = audit_programme.ProgrammeFacts(public_id, day, sites, reviewer, cycle=cycle)
    audit_programme.establish_programme(stage.registry, company.actor, programme)
    time = audit_time.AuditTimeFacts(
        certification=public_id,
        method="IAF MD 5 with ISO/IEC 42006",
        inputs={"headcount": HEADCOUNT, "sites": len(sites)},
        base_days=Decimal(5),
        justified_by=reviewer,
        calculated_on=day,
    )
    audit_time.calculate_audit_time(stage.registry, company.actor, time)


def hold_audit(
    stage: Stage, company: Company, public_id: str, kind: Any, last_day: date, stage_1: UUID | None = None
) -> UUID:
    """An audit of three days, announced four weeks before to a client who has no objection to its team."""
    first_day = last_day - timedelta(days=2)
    team = (audit.TeamMember(company.people["auditor"].id, "team_leader"),)
    plan = audit_plan.PlanFacts(
        certifications=(public_id,),
        kind=kind,
        objectives="Whether the management system conforms to the criteria",
        criteria=STANDARD,
        method="on_site",
        sent_on=first_day - timedelta(days=28),
        objections_until=first_day - timedelta(days=14),
        first_day=first_day,
        last_day=last_day,
        team=team,
    )
    facts = audit.AuditFacts(
        serves=(audit.Served(public_id),),
        kind=kind,
        first_day=first_day,
        last_day=last_day,
        report_sha256=hashlib.sha256(f"{kind} of {public_id}".encode()).digest(),
        team=team,
        stage_1=stage_1,
        plan=audit_plan.plan_audit(stage.registry, company.actor, plan),
    )
    return audit.record_audit(stage.registry, company.actor, facts).id


def _names(cast: CastOrganisation) -> tuple[organisations.OrganisationName, ...]:
    names = [organisations.OrganisationName(cast.en, "en", "Latn", "register")]
    if cast.ja:
        names.append(organisations.OrganisationName(cast.ja, "ja", "Jpan", "登記簿"))
    return tuple(names)


def _site_facts(site: CastSite) -> organisations.SiteFacts:
    names = [organisations.SiteName(site.en, "en", "Latn")]
    addresses = [organisations.SiteAddress(site.locality, "en", street=site.street)]
    if site.ja:
        names.append(organisations.SiteName(site.ja, "ja", "Jpan"))
    if site.locality_ja:
        addresses.append(organisations.SiteAddress(site.locality_ja, "ja", street=site.street_ja))
    return organisations.SiteFacts(
        names=tuple(names),
        country=site.country,
        addresses=() if site.virtual else tuple(addresses),
        virtual=site.virtual,
        central_function=site.central,
    )
