"""A delivery's mail before it is composed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from mail_templates import LetterFacts, NotificationFacts

COLUMNS: Final = "d.id, d.attempts - d.failures as sending, d.address, d.language, d.message_id, d.dated_at"
"""The columns of a delivery `d` that `Mail.of` reads, and the language of its mail."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A delivery's mail before it is composed.

    Attributes:
        delivery_id: The delivery's id.
        sending: The number of this sending, from 1; a retry after a temporary rejection (4xx) has the same number.
        address: The recipient's address; None once it was erased.
        message_id: The Message-ID, with its angle brackets.
        dated_at: The Date, in UTC.
        facts: What the templates are rendered with.
        obsolete: Whether what the mail says is no longer true, so that it must not be sent.
    """

    delivery_id: int
    sending: int
    address: str | None
    message_id: str
    dated_at: datetime
    facts: NotificationFacts | LetterFacts
    obsolete: bool = False

    @classmethod
    def of(cls, row: Mapping[str, Any], facts: NotificationFacts | LetterFacts, *, obsolete: bool = False) -> Self:
        """The mail of a delivery.

        Args:
            row: A row with `COLUMNS`.
            facts: What the templates are rendered with.
            obsolete: Whether that is no longer true.
        """
        return cls(row["id"], row["sending"], row["address"], row["message_id"], row["dated_at"], facts, obsolete)
