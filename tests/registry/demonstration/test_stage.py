"""The stage keeps what actors themselves would remember, and does everything through the acts."""

from __future__ import annotations

import ast
from pathlib import Path

from app.registry.demonstration import stage
from app.registry.demonstration.cast import ORGANISATIONS


def test_the_stage_reaches_the_database_through_acts_only() -> None:
    tree = ast.parse(Path(stage.__file__).read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert not {name for name in imported if name.startswith(("app.storage", "sqlalchemy", "psycopg"))}


def test_what_bodies_are_accredited_for_covers_what_their_clients_do() -> None:
    wanted = {area for member in ORGANISATIONS for area in member.areas}

    assert wanted <= set(stage.AREAS)
    assert {site.country for member in ORGANISATIONS for site in member.sites} <= set(stage.COUNTRIES)
