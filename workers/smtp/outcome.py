"""The outcomes of an attempt to send one mail to the mail server."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The result of an attempt for the mail."""

    SENT = "SENT"
    """The server accepted the mail, and is responsible for it from then on."""
    DEFERRED = "DEFERRED"
    """Rejected temporarily, or the connection was lost before the final dot: retried by the schedule."""
    REFUSED = "REFUSED"
    """Rejected permanently."""
    LOST = "LOST"
    """The connection was lost after the final dot: the server may have accepted the mail or not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict and its reason.

    Attributes:
        verdict: The result.
        error: For the administrators: the server's reply without addresses, or the error; None when sent.
        code: The server's reply code, if it gave one.
        pause: Seconds for which no mail is sent in any case; they are added to the delay before the next attempt.
    """

    verdict: Verdict
    error: str | None = None
    code: int | None = None
    pause: float = 0.0


SENT = Outcome(Verdict.SENT)
