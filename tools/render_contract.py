"""The published contract, openapi/openapi.yaml, written from the routes; `make fix` writes it, a test compares it."""

from __future__ import annotations

import yaml

from app.main import contract

HEADING = "# The published contract: `make fix` writes it from the routes, a test compares it with what is served.\n"


def render_contract() -> str:
    """The contract as YAML, members in the order in which the routes stand."""
    return HEADING + yaml.safe_dump(contract(), sort_keys=False, allow_unicode=True, width=120)
