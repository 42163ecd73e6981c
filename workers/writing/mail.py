"""One delivery's mail before it is written out, whatever it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from mail_templates import LetterFacts, MailFacts

COLUMNS: Final = "d.id, d.attempts - d.failures as sending, d.address, d.language, d.message_id, d.dated_at"
"""What `Mail.of` reads of a delivery `d`, and the language that its facts are told in."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One delivery's mail before it is written out.

    Attributes:
        delivery_id: The delivery's key.
        sending: Which sending this is, from 1; after an answer for now (4xx) the next try is the same one.
        address: Where it goes; None once it was erased.
        message_id: The Message-ID, with its angle brackets.
        dated_at: The Date, in UTC.
        facts: What it says.
        moot: Whether what it says is no longer true, so that it must not be sent.
    """

    delivery_id: int
    sending: int
    address: str | None
    message_id: str
    dated_at: datetime
    facts: MailFacts | LetterFacts
    moot: bool = False

    @classmethod
    def of(cls, row: Mapping[str, Any], facts: MailFacts | LetterFacts, *, moot: bool = False) -> Self:
        """The mail of a delivery.

        Args:
            row: Holds `COLUMNS`.
            facts: What it says.
            moot: Whether that is no longer true.
        """
        return cls(row["id"], row["sending"], row["address"], row["message_id"], row["dated_at"], facts, moot)
