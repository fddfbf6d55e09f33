"""Certificates in every standing that people can meet, each brought about by the acts themselves, in one world.

Months pass while it is made; what the pages and the interface then say of each is for the tests to ask.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.credentials.facts import Report
from app.keys.evidence import sign_evidence
from app.registry import agreement, appeal
from app.registry.gathered_facts import Wanted
from app.registry.imported_history import ImportedRow, confirm_import, draft_import
from app.registry.status_publication import republish_stale, republish_status
from tests.support.transfers import Accepting
from tests.support.unaccredited import add_declarant, add_registry, certify, certifying_in
from tests.support.world import World, WorldPerson

CONFIDENTIAL = tuple(field for field in agreement.FIELDS if field not in {"holder", "directory"})
STATEMENT = "Design and operation of AI functions in service robots"


class Gallery:
    """Public IDs by the name of what each shows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids: dict[str, str] = {}
        for make in (self._beside_accreditation, self._lasting, self._ended, self._moved, self._imported):
            make()
        self._half_a_year_later()
        republish_stale(world.registry)
        republish_status(world.registry)

    def path(self, name: str) -> str:
        """The address of a certificate's page, without language."""
        return f"/c/{self.ids[name]}"

    def _grant(self, name: str, **more: Any) -> str:
        number = f"G-{len(self.ids):03}"
        self.ids[name] = self.world.grant(number, **more).public_id
        return self.ids[name]

    def _later(self, **interval: float) -> None:
        self.world.set_clock(self.world.now() + timedelta(**interval))

    def _two_sites(self, **changes: Any) -> Wanted:
        """Head office and laboratory, each with what is done there."""
        world = self.world
        facts = {
            "site_ids": (world.head_office, world.laboratory),
            "site_statements": {
                world.head_office: ("en", "Design of AI functions"),
                world.laboratory: ("ja", "AI機能の評価"),
            },
        }
        return world.wanted(**(facts | changes))

    def _lasting(self) -> None:
        """In force, or on hold: by itself, over several versions, after an appeal."""
        world = self.world
        self._grant("in_force", certificate=self._two_sites())
        self._grant("confidential", consented=CONFIDENTIAL)
        revised = self._grant("revised", certificate=self._two_sites())
        suspended, appealed = self._grant("suspended"), self._grant("appealed")
        self._grant("restored")
        self._later(days=2)
        world.suspend(suspended, until=world.ago(-170))
        panel = tuple(world.add_person(world.actor, "appeal_handler") for _ in range(2))
        overturn(world, appealed, world.suspend(appealed).id, panel)
        world.suspend(self.ids["restored"])
        self._later(days=3)
        world.restore(self.ids["restored"])
        fewer = self._two_sites(site_ids=(world.head_office,), site_statements={})
        world.issue(world.decide(revised, "reduce", certificate=fewer, reason=("site_closed", "the laboratory closed")))
        misprint = world.wanted(statement=STATEMENT.replace("service robots", "mobile robots"))
        both = (world.decider, world.second_decider)
        world.issue(world.decide(revised, "correct", deciders=both, certificate=misprint))

    def _ended(self) -> None:
        """Over for good; two of them only by the clock."""
        world = self.world
        for name in ("withdrawn", "cancelled", "annulled"):
            self._grant(name)
        for name in ("lapsed", "expired"):
            self._grant(name, certificate=world.wanted(last_valid_day=world.ago(-60)))
        self._later(days=2)
        world.withdraw(self.ids["withdrawn"])
        world.cancel(self.ids["cancelled"])
        world.annul(self.ids["annulled"])

    def _moved(self) -> None:
        """Taken over by another body, with its word."""
        accepting = Accepting(self.world)
        old = self._grant("transferred")
        _, taking = accepting.accepted(old)
        taken = accepting.take_over(taking)
        self.world.decide(old, "transfer_out")
        self.ids["taken_over"] = accepting.issue(taken).public_id

    def _imported(self) -> None:
        """Brought in from another register: reported anew within the year, or within a month that passes."""
        for name, refresh_days in (("imported", 365), ("imported_long_ago", 31)):
            (self.ids[name],) = import_history(self.world, [f"G-{len(self.ids):03}"], refresh_days)

    def _beside_accreditation(self) -> None:
        """By a body that nobody accredits, and by the holder itself; then the body is accredited, twice."""
        world = self.world
        registry_party = add_registry(world)
        self.ids["unaccredited"] = certify(certifying_in(world, registry_party), "G-900").public_id
        self.ids["declared"] = add_declarant(world, registry_party).declare().public_id
        self.passing = world.accredit(number="FA-002")
        self.lasting = world.accredit()
        world.bind_key()
        self._grant("accreditation_ended", accreditations=(self.passing,))

    def _half_a_year_later(self) -> None:
        """What ran out has run out; one is restored, with its gap; one is granted for a later day."""
        world = self.world
        self._later(days=90)
        world.change_accreditation("withdraw", accreditation=self.passing)
        lapsed = self.ids["lapsed"]
        audited = world.audit(lapsed, "recertification", last_day=world.ago(2)).id
        restored = world.decide(
            lapsed,
            "restore_expired",
            relied_on=(audited,),
            accreditations=(self.lasting,),
            certificate=world.wanted(),
        )
        world.issue(restored)
        self._later(hours=1)
        self._grant("pending", effective_on=world.ago(-20), accreditations=(self.lasting,))


def overturn(world: World, public_id: str, suspension: UUID, panel: tuple[WorldPerson, ...]) -> None:
    """The holder appeals against its suspension, the second event, and this panel annuls it."""
    case = appeal.lodge_appeal(
        world.registry, world.actor, decision=suspension, grounds="not overdue", lodged_on=world.today
    )
    appeal.acknowledge_appeal(world.registry, world.actor, case, person=world.reviewer.id, done_on=world.today)
    for member in panel:
        appeal.join_panel(world.registry, world.actor, case, member.id)
    appeal.decide_appeal(
        world.registry, world.actor, case, outcome="upheld", reasons="it was closed", decided_on=world.today
    )
    world.decide(public_id, "overturn_suspension", deciders=panel, annuls=2)


def import_history(world: World, numbers: list[str], refresh_days: int = 365) -> list[str]:
    """Certificates of another register, brought in under one plan and shown in full; their IDs."""
    signed = world.agree(signed_on=world.ago(3), consented=agreement.FIELDS)
    certificate = world.wanted(soa_version=None, soa_date=None, last_valid_day=world.ago(-500))
    rows = tuple(
        ImportedRow(
            organisation=world.organisation,
            scheme="aims",
            number=number,
            certificate=certificate,
            effective_on=world.ago(400),
            original_decided_on=world.ago(405),
            agreement=signed,
        )
        for number in numbers
    )
    plan = Report("paper register of Fictional Certification", world.ago(1), refresh_days, "the paper certificate")
    draft = draft_import(world.registry, world.actor, plan, rows, decided_on=world.today, decider=world.decider.id)
    evidence = sign_evidence(world.decider.key, draft.document)
    outcomes = confirm_import(world.registry, world.actor, draft.id, evidence)
    return [one.certificate.public_id for one in outcomes if one.certificate is not None]
