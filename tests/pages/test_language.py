"""In which language a page answers (C103); what a header chooses is tested with `app.http`."""

from __future__ import annotations

from app.pages.language import other_language


def test_the_switch_leads_to_the_other_language():
    assert (other_language("en"), other_language("ja")) == ("ja", "en")
