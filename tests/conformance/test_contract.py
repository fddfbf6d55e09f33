"""R27 in T size: requests made from the published contract, signed in and not, find no 5xx and no answer outside it.

Random values alone seldom hit what exists (they missed a planted fault at one value of a path), so half of the
requests name things of the world under test.
"""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

EXAMPLES = 200
"""For each class of operations: reading, acting, in T size; S runs 5 000."""
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@schemathesis.serializer("application/vc+jwt")
def write_jwt(_context, value):
    """A certificate's file, whatever the generator made of it."""
    return str(value).encode()


def operations(service):
    """Every operation of the contract, as it is served."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", service.http.app)
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def known(service):
    """Values for the parameters of paths that name something."""
    world = service.world
    issued = world.grant()
    return {
        "certificate_id": issued.public_id,
        "body": str(world.body),
        "accreditation": str(world.accreditation),
        "code": "aims",
        "list_number": 1,
        "publication": 1,
        "number": 1,
        "person": str(world.decider.id),
        "organisation": str(world.organisation),
        "application_id": service.body.get("/v1/applications").json()["applications"][0]["id"],
        "agreement_id": service.body.get("/v1/agreements").json()["agreements"][0]["id"],
        "certification": service.body.get("/v1/certifications").json()["certifications"][0]["id"],
        "audit_id": service.body.get("/v1/audits").json()["audits"][0]["id"],
    }


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "not signed in"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_no_request_gets_a_5xx_or_an_answer_outside_the_contract(service, known, method, signed_in):
    asked = [one for one in operations(service) if one.method == method]
    each = max(2, EXAMPLES // len(asked))
    failures = [failure for one in asked for failure in fuzz(service, one, known, signed_in, each)]
    assert not failures, "\n".join(failures)


def fuzz(service, operation, known, signed_in, examples):
    """What was wrong with the answers to so many requests of one operation."""
    found = []
    token = {"Authorization": f"Bearer {service.body.token}"} if signed_in else {}

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy(), names_something=st.booleans())
    def ask(case, names_something):
        if names_something:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = known.get(name, case.path_parameters[name])
        case.headers = {**(case.headers or {}), **token}
        if not signed_in:
            case.headers.pop("Authorization", None)
        answer = case.call()
        try:
            case.validate_response(answer, checks=list(CHECKS))
        except FailureGroup as group:
            told = [str(one) for one in group.exceptions]
            found.append(f"{operation.label} {case.path_parameters}: {answer.status_code} {told}")

    ask()
    return found[:3]
