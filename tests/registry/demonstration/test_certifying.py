"""Every certification of the demonstration goes through application, review, agreement, two audits and a decision."""

from __future__ import annotations

import ast
from pathlib import Path

from app.registry.demonstration import certifying


def test_no_step_is_left_out_and_none_goes_around_the_acts() -> None:
    tree = ast.parse(Path(certifying.__file__).read_text(encoding="utf-8"))
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {
        "application.receive",
        "application.review",
        "agreement.sign_agreement",
        "certification.open_certification",
        "audit.record_audit",
        "decision.draft_decision",
        "decision.confirm_decision",
        "issuance.issue",
    } <= called
    assert not {name for name in imported if name.startswith(("app.storage", "sqlalchemy", "psycopg"))}
