"""No private key and no secret lies in the repository."""

import re

from tests.support.repository import texts

PEM = re.compile(r"-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----")
# The private member of an elliptic-curve key in JSON, as a value of 32 octets.
JWK = re.compile(r'["\']d["\']\s*:\s*["\'][A-Za-z0-9_-]{43}["\']')
ADDRESS_WITH_PASSWORD = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://[^:/\s{}\"'<]+:([^@\s{}\"'<$]+)@([^/\s?\"']*)")
# Words that can only be examples.
PLAINLY_EXAMPLES = {"p", "pw", "password", "secret", "s3cret", "x", "..."}


def test_no_private_key_lies_in_the_repository() -> None:
    found = [str(path) for path, text in texts() if PEM.search(text) or JWK.search(text)]
    assert found == []


def test_no_address_of_a_database_carries_a_real_password() -> None:
    found = [
        f"{path}: {hit[0]}"
        for path, text in texts()
        for hit in ADDRESS_WITH_PASSWORD.finditer(text)
        if hit[1] not in PLAINLY_EXAMPLES
    ]
    assert found == []
