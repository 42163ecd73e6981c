"""One delivery's mail before it is written out, whatever it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mail_templates import LetterFacts, MailFacts


@dataclass(frozen=True, slots=True)
class Mail:
    """One delivery's mail before it is written out.

    Attributes:
        delivery_id: The delivery's key.
        attempt: Which try this is, from 1.
        about: The key of what it tells, for the log: `notification_id` or `letter_id`.
        address: Where it goes; None once it was erased.
        message_id: The Message-ID, with its angle brackets.
        dated_at: The Date, in UTC.
        facts: What it says.
        moot: Whether what it says is no longer true, so that it must not be sent.
    """

    delivery_id: int
    attempt: int
    about: Mapping[str, int]
    address: str | None
    message_id: str
    dated_at: datetime
    facts: MailFacts | LetterFacts
    moot: bool = False
