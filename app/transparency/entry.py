"""One entry of the log: what its bytes say, and the only form in which they say it (trust, the log).

An entry commits to a signed document and names nobody but the body that signed it: kind, issuer, thumbprint of its key,
a digest of the subject's public ID, the ordinal `n` among that subject's entries, and when it was recorded.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import Self

from app.errors import AkashiError
from app.keys.encoding import MalformedBase64, b64u_decode

KINDS = frozenset(
    {"certification", "accreditation", "key", "snapshot", "trust-list", "scheme", "crosswalk", "audit", "notice"}
)
WITH_STANDING = frozenset({"certification", "accreditation", "key", "trust-list"})
"""The kinds of which the standing map knows the newest entry (trust, standing at time t)."""
LARGEST = 4096
DIGEST_BYTES = 32

_RECORDED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_ISSUER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class MalformedEntry(AkashiError):
    """The bytes are not an entry of this log; `note` says in which respect."""

    def __init__(self, note: str) -> None:
        super().__init__("malformed_log_entry", note=note)


@dataclass(frozen=True)
class Entry:
    """What an entry says; digests as the base64url in which it is written."""

    commitment: str
    issuer: str
    key: str
    kind: str
    n: int
    recorded: str
    subject: str
    v: int = 1

    def __bytes__(self) -> bytes:
        """RFC 8785 form: every member is plain ASCII, so sorted and compact is enough."""
        return json.dumps(asdict(self), separators=(",", ":"), sort_keys=True).encode()

    @property
    def subject_digest(self) -> bytes:
        """Under which the standing map knows the subject."""
        return b64u_decode(self.subject)

    @classmethod
    def parse(cls, presented: bytes) -> Self:
        """The entry in these bytes; raises `MalformedEntry` unless they are exactly how it is written."""
        try:
            members = json.loads(presented) if len(presented) <= LARGEST else None
            entry = cls(**members)  # type: ignore[arg-type]  # what does not fit is refused below
            entry._check()
        except (TypeError, ValueError, RecursionError, MalformedBase64) as error:
            raise MalformedEntry("eight members of the known kinds expected") from error
        if bytes(entry) != presented:
            raise MalformedEntry("not in its canonical form")
        return entry

    def commits_to(self, document: bytes, salt: bytes) -> bool:
        """Whether this entry is about this signed document (its opening)."""
        digest = hashlib.sha256(document).digest()
        return b64u_decode(self.commitment) == hashlib.sha256(b"akashi-entry-v1\n" + salt + digest).digest()

    def _check(self) -> None:
        if type(self.v) is not int or type(self.n) is not int:  # true is not 1 in JSON
            raise TypeError
        if self.v != 1 or self.kind not in KINDS or not 1 <= self.n < 2**53:
            raise ValueError
        if not _RECORDED.fullmatch(self.recorded) or not _ISSUER.fullmatch(self.issuer):
            raise ValueError
        if any(len(b64u_decode(one)) != DIGEST_BYTES for one in (self.commitment, self.key, self.subject)):
            raise ValueError
