"""Schemes are data: what nobody accredits, what the holder declares itself, and one that a test adds with plain SQL."""

import re

import psycopg
import pytest

from app.conformity.standing import Verdict
from app.credentials.jws import split_jws
from app.credentials.strict_json import parse_object
from app.registry import agreement, verification
from app.registry.certification import open_certification
from app.registry.organisations import OrganisationName, register_organisation
from tests.support.acts import refused
from tests.support.service import Service
from tests.support.unaccredited import (
    DECLARATION,
    THIRD_PARTY,
    add_declarant,
    add_registry,
    certify,
    certifying_in,
)


@pytest.fixture
def registry_party(bare_world):
    return add_registry(bare_world)


@pytest.fixture
def unaccredited(bare_world, registry_party):
    return certifying_in(bare_world, registry_party)


@pytest.fixture
def declarant(bare_world, registry_party):
    return add_declarant(bare_world, registry_party)


def close(world, scheme):
    """The scheme's owner closes it, from today."""
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO akashi.scheme_phase (scheme_code, phase, starts_on, origin) VALUES (%s, 'closed', %s, 'test')",
            (scheme, world.today),
        )


def codes(report):
    return {check.name: (check.result.value, check.code) for check in report.checks}


def test_a_certificate_that_nobody_accredits_is_never_plainly_valid_and_says_why(unaccredited):
    issued = certify(unaccredited)

    report = verification.verify(unaccredited.registry, issued.public_id)

    assert report.verdict is Verdict.VALID_WITH_NOTICE
    assert report.notices[0].code == "without_accreditation"
    assert report.summary.en.startswith("In force, without accreditation. Fictional Certification certifies Kasumi")
    assert report.summary.ja.startswith("認証は継続中、認定なし。")
    assert report.accreditations == ()
    assert codes(report)["issuer"] == ("passed", "identity_only")
    assert codes(report)["accreditation_at_decision"] == ("not_performed", "without_accreditation")
    assert codes(report)["accreditation_now"] == ("not_performed", "without_accreditation")
    assert report.scheme.assurance == "third_party"


def test_one_key_known_by_identity_and_by_an_accreditation_serves_both_schemes_in_full(unaccredited, bare_world):
    """Bindings of a key are numbered together, whoever made them: neither scheme misses the other's."""
    beside = certify(unaccredited, "FC-0002")
    bare_world.accredit()
    bare_world.bind_key()
    accredited = bare_world.grant()

    reports = [verification.verify(bare_world.registry, one.public_id) for one in (beside, accredited)]

    assert [report.verdict for report in reports] == [Verdict.VALID_WITH_NOTICE, Verdict.VALID]


def test_its_standing_moves_like_any_other(unaccredited):
    issued = certify(unaccredited)

    unaccredited.suspend(issued.public_id)
    assert verification.verify(unaccredited.registry, issued.public_id).verdict is Verdict.NOT_CURRENTLY_VALID

    unaccredited.restore(issued.public_id)
    unaccredited.withdraw(issued.public_id)
    assert verification.verify(unaccredited.registry, issued.public_id).verdict is Verdict.NO_LONGER_VALID


def test_a_scheme_without_surveillance_has_its_own_cycle(unaccredited):
    issued = certify(unaccredited)

    validity = verification.verify(unaccredited.registry, issued.public_id).validity

    months = (validity.last_valid_day.year - validity.effective_on.year) * 12
    assert 23 <= months + validity.last_valid_day.month - validity.effective_on.month <= 24


def test_what_a_scheme_requires_is_its_own(unaccredited):
    with refused("malformed_facts"):
        certify(unaccredited, site_ids=())


def test_a_self_declaration_says_that_the_holder_speaks_for_itself(declarant):
    issued = declarant.declare()

    report = verification.verify(declarant.world.registry, issued.public_id)

    assert report.verdict is Verdict.VALID_WITH_NOTICE
    assert report.notices[0].code == "self_declared"
    assert report.summary.en.startswith(
        "Self-declaration, not a certificate. Fictional Trading K.K. declared this itself"
    )
    assert report.summary.ja.startswith("自己宣言（第三者認証ではありません）。")
    assert codes(report)["accreditation_at_decision"] == ("not_performed", "without_accreditation")
    assert report.scope.criteria == ("G1", "G2", "G3", "G4")


def test_the_page_of_an_unaccredited_certificate_is_never_green_and_says_so_first(unaccredited):
    """C100, C122."""
    issued = certify(unaccredited)
    door = Service(unaccredited)

    page = door.get(f"/en/c/{issued.public_id}").text

    assert '<span class="word">Valid, not accredited.</span>' in page
    assert 'class="panel valid_with_notice' in page
    assert "No accreditation body watches over this work" in page
    assert "Does this scope cover what you buy?" in page


def test_the_page_of_a_self_declaration_shares_no_word_or_mark_with_a_certificate(declarant):
    issued = declarant.declare()
    door = Service(declarant.world)

    page = door.get(f"/ja/c/{issued.public_id}").text
    main = page[page.index("<main") : page.index("</main>")]

    assert '<span class="word">自己宣言。</span>' in main
    assert 'class="panel declared"' in main
    told = main.replace("第三者認証ではありません", "").replace("登録証ではありません", "")
    assert not re.findall(r".{0,20}(?:認証|登録証).{0,20}", told)
    assert "経営層によるAI原則の表明" in main
    english = door.get(f"/en/c/{issued.public_id}").text
    assert re.search(r"<title>Self-declaration – Fictional Trading K\.K\.", english)
    main = english[english.index("<main") : english.index("</main>")]
    told = re.sub("not a certificate|no certificate|certifies nothing|X.509 certificates", "", main)
    assert not re.findall(r".{0,30}[Cc]ertifi.{0,30}", re.sub(r"certificates?/|certs|<[^>]*>", "", told))


def test_a_self_declaration_has_no_certificates_badge(declarant):
    """Scenario: a self-declaration requested with the certificate badge is refused."""
    issued = declarant.declare()
    door = Service(declarant.world)

    refusal = door.get(f"/badge/{issued.public_id}.svg")
    badge = door.get(f"/declaration-badge/{issued.public_id}.svg?lang=ja")

    assert (refusal.status_code, refusal.json()["code"]) == (422, "badge_of_another_kind")
    assert badge.status_code == 200
    assert "自己宣言" in badge.text
    assert "認証" not in badge.text
    assert "management system" in door.get(f"/declaration-badge/{issued.public_id}.svg").text


def test_a_certificate_has_no_declarations_badge(unaccredited):
    issued = certify(unaccredited)

    refusal = Service(unaccredited).get(f"/declaration-badge/{issued.public_id}.svg")

    assert (refusal.status_code, refusal.json()["code"]) == (422, "badge_of_another_kind")


def test_the_credential_of_a_declaration_is_of_another_type(declarant):
    issued = declarant.declare()

    payload = parse_object(split_jws(issued.credential).payload, max_bytes=1_000_000)

    assert payload["type"][-1] == "SelfDeclaration"
    assert payload["credentialSubject"]["attestationType"] == "declaration"
    assert payload["credentialSubject"]["assessorLevel"] == "self"
    assert payload["name"].startswith("AI governance self-declaration: ")


def test_who_certifies_others_declares_nothing_and_a_declarant_certifies_nobody(bare_world, registry_party, declarant):
    with refused("body_of_another_kind"):
        open_certification(
            bare_world.registry,
            bare_world.actor,
            number="SD-1",
            organisation=bare_world.organisation,
            scheme=DECLARATION,
            agreement=agreement.sign_agreement(
                bare_world.registry,
                bare_world.actor,
                organisation=bare_world.organisation,
                signed_on=bare_world.today,
                consented=(),
            ),
        )


def test_a_declarant_speaks_for_nobody_else(declarant):
    another = register_organisation(
        declarant.world.registry,
        declarant.actor,
        names=(OrganisationName("Somebody Else K.K.", "en", "Latn", "register"),),
        country="JP",
    )
    signed = agreement.sign_agreement(
        declarant.world.registry,
        declarant.actor,
        organisation=another,
        signed_on=declarant.world.today,
        consented=(),
    )
    with refused("declared_for_another"):
        declarant.open("SD-0009", organisation=another, agreement=signed)


def test_without_an_application_nothing_is_opened_where_the_scheme_asks_for_one(unaccredited):
    with refused("application_not_accepted"):
        open_certification(
            unaccredited.registry,
            unaccredited.actor,
            number="X-1",
            organisation=unaccredited.organisation,
            scheme=THIRD_PARTY,
            agreement=agreement.sign_agreement(
                unaccredited.registry,
                unaccredited.actor,
                organisation=unaccredited.organisation,
                signed_on=unaccredited.today,
                consented=(),
            ),
        )


def test_a_closed_scheme_accepts_no_new_grants_and_goes_on_with_those_it_has(unaccredited):
    standing = certify(unaccredited)
    close(unaccredited, THIRD_PARTY)

    with refused("scheme_not_open"):
        certify(unaccredited, "FC-0002")

    unaccredited.suspend(standing.public_id)
    unaccredited.restore(standing.public_id)


def test_a_declaration_that_is_taken_back_is_no_certificate_either(declarant):
    issued = declarant.declare()
    declarant.decide(issued.public_id, "withdraw", reason=("agreement_broken", "goals not kept"))

    report = verification.verify(declarant.world.registry, issued.public_id)

    assert report.summary.en.startswith("Self-declaration, taken back by Fictional Trading K.K. with effect from")
    assert "認証" not in report.summary.ja


def test_a_scheme_added_with_plain_sql_certifies_verifies_and_shows_without_any_code(bare_world, registry_party):
    with psycopg.connect(bare_world.fresh.superuser_url, autocommit=True) as connection:
        connection.execute(
            """
            INSERT INTO akashi.scheme (code, title_en, title_ja, activity, object, assurance, owner, maximum_months,
                surveillance_months, suspension_months, renewal_months, restoration_months, late_after_days,
                required_fields, origin)
            VALUES ('tea-rooms', 'Tea room practice', '茶室の実践', 'certification', 'service', 'third_party', 'Guild',
                7, NULL, 1, 2, 1, 5, '{areas,countries}', 'test');
            INSERT INTO akashi.required_audit VALUES ('tea-rooms', 'grant', '{stage_1}', 'scope', 'test');
            INSERT INTO akashi.scheme_phase VALUES ('tea-rooms', 'pilot', '2020-01-01', NULL, 'test');
            INSERT INTO akashi.normative_document (scheme_code, designation, use, title_en, title_ja, origin)
            VALUES ('tea-rooms', 'Tea 1:2020', 'requirements', 'Tea rooms', '茶室', 'test');
            INSERT INTO akashi.scheme_term VALUES ('tea-rooms', 'technical_area', 'matcha', 'Matcha', '抹茶', 'test');
            """
        )
    tea = certifying_in(bare_world, registry_party, "tea-rooms")

    issued = certify(tea, designation="Tea 1:2020", roles=(), areas=("matcha",))

    report = verification.verify(tea.registry, issued.public_id)
    assert (report.verdict, report.scheme.code) == (Verdict.VALID_WITH_NOTICE, "tea-rooms")
    assert report.scheme.title.ja == "茶室の実践"
    door = Service(tea)
    page = door.get(f"/ja/c/{issued.public_id}").text
    assert "有効（認定なし）" in page
    assert "抹茶" in page
    badge = door.get(f"/badge/{issued.public_id}.svg").text
    assert "Valid, not accredited" in badge
    assert "no accreditation body watches over this" in badge
    assert door.get("/v1/schemes/tea-rooms").json()["phase"] == "pilot"
