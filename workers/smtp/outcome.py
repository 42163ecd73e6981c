"""What can come of handing one mail to the mail server."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The mail's fate, as far as this try can tell."""

    SENT = "SENT"
    """The server answered for the whole mail: it is the server's now."""
    DEFERRED = "DEFERRED"
    """Turned down for now, or the server was lost before it had it: later, by the schedule."""
    REFUSED = "REFUSED"
    """Turned down for good."""
    LOST = "LOST"
    """The connection was lost after the final dot: the server may have it or not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict and the reason.

    Attributes:
        verdict: The mail's fate.
        error: For the administrators: the server's answer without addresses, or what broke off; None when sent.
        code: The server's reply code, where it gave one.
        pause: Seconds for which no mail is sent in any case; a later try waits for that much longer.
    """

    verdict: Verdict
    error: str | None = None
    code: int | None = None
    pause: float = 0.0


SENT = Outcome(Verdict.SENT)
