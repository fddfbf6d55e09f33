from __future__ import annotations

from app.conformity.words import HOLDER_WITHHELD, Word
from app.examiner.evidence import open_case
from app.examiner.names import name_of_accreditation_body, name_of_body, name_of_holder
from tests.support.certificate_facts import ACCREDITATION, HOLDER
from tests.support.evidence import granted


def test_bodies_have_the_names_of_their_statement() -> None:
    (filed,) = open_case(granted().evidence()).accreditations[ACCREDITATION.id]
    assert name_of_body(filed.document) == Word("Kestrel Certification", "ケストレル認証")
    assert name_of_accreditation_body(filed.document).en == "Northern Accreditation Council"


def test_a_withheld_holder_has_no_name() -> None:
    assert name_of_holder(HOLDER, withheld=True) == HOLDER_WITHHELD
    assert name_of_holder(HOLDER, withheld=False) == Word("Mizuho-dai Robotics K.K.", "株式会社瑞穂台ロボティクス")
