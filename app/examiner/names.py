"""The names by which a report calls bodies and holder: as registered, the reader's language first."""

from __future__ import annotations

from app.conformity.words import HOLDER_WITHHELD, Word
from app.credentials.facts import Holder
from app.examiner.documents import AccreditationStatement, IdentityBinding
from app.examiner.sentences import shown_name

NOBODY = Word("the body", "認証機関")
"""In place of a name that is not established."""


def name_of_body(statement: AccreditationStatement | IdentityBinding) -> Word:
    """The certification body, by its accreditation statement, or as the registry identified it."""
    return shown_name((one.name, one.language) for one in statement.body_names)


def name_of_accreditation_body(statement: AccreditationStatement) -> Word:
    """The accreditation body, by its own statement."""
    return shown_name((one.name, one.language) for one in statement.accreditation_body_names)


def name_of_holder(holder: Holder, *, withheld: bool) -> Word:
    """The certified organisation, or "the holder" where its name is not to be shown."""
    return HOLDER_WITHHELD if withheld else shown_name((one.name, one.language) for one in holder.names)
