"""The cast is fictional and says so, in every language in which it has a name."""

from app.conformity.names import check_name
from app.registry.demonstration.cast import (
    ACCREDITATION_BODIES,
    CERTIFICATION_BODIES,
    FICTIONAL_EN,
    FICTIONAL_JA,
    ORGANISATIONS,
)


def test_every_name_says_that_it_is_fictional_and_is_one_that_the_registry_takes() -> None:
    for member in (*ACCREDITATION_BODIES, *CERTIFICATION_BODIES, *ORGANISATIONS):
        assert member.en.endswith(FICTIONAL_EN)
        assert member.ja is None or member.ja.endswith(FICTIONAL_JA)
        assert check_name(member.en, "/en") == member.en


def test_every_organisation_has_its_own_key_and_a_place() -> None:
    assert len({member.key for member in ORGANISATIONS}) == len(ORGANISATIONS) >= 14
    assert all(member.sites for member in ORGANISATIONS)
