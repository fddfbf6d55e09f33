from app.errors import catalogue
from tools.render_docs import render_errors


def test_every_code_has_its_entry_in_both_languages() -> None:
    page = render_errors()
    for entry in catalogue().values():
        assert f"### `{entry.code}`" in page
        assert entry.remedy_en in page
        assert entry.remedy_ja in page
