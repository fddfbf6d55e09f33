"""How public answers are shown: what the contract says of the report is what is served."""

from __future__ import annotations

import jsonschema_rs

from app.main import contract


def test_the_served_report_has_the_shape_of_the_contract(service):
    described = contract()
    schema = {"$ref": "#/components/schemas/Report", "components": described["components"]}
    issued = service.world.grant()
    now = service.world.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    published = service.verification(issued.public_id)
    computed = service.get(f"/v1/certificates/{issued.public_id}/verification?at={now}").json()
    for report in (published, computed):
        jsonschema_rs.validate(schema, report)
    assert "checked_at" not in described["components"]["schemas"]["Report"]["required"]


def test_what_anyone_may_read_is_open_to_every_origin(service):
    for address in ("/v1/bodies", "/v1/schemes", "/.well-known/did.json", "/contexts/certificate/1"):
        answer = service.get(address, Origin="https://elsewhere.example")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["etag"]
