"""What came of a try, counted."""

from domain.delivery_status import DeliveryStatus
from workers.metrics import LATENCY, OVERTAKEN, SETTLED, TRIES
from workers.outbox.claims import Claim
from workers.outbox.delivery import Written
from workers.smtp.outcome import Outcome, Verdict

GIVEN_UP = "GIVEN_UP"
"""Deferred once too often."""

# A counter that appears with its first event can't be seen to have grown by it.
for _outcome in (*Verdict, GIVEN_UP):
    SETTLED.labels(_outcome)


def count(claim: Claim, outcome: Outcome, written: Written | None) -> None:
    """Counts a try, and how long the mail took if it was sent.

    Args:
        claim: The claim.
        outcome: What came of the try.
        written: What stands in the outbox; None when somebody else had the mail by then.
    """
    if written is None:
        OVERTAKEN.inc()
        return
    given_up = outcome.verdict is Verdict.DEFERRED and written.status is DeliveryStatus.FAILED
    SETTLED.labels(GIVEN_UP if given_up else outcome.verdict.value).inc()
    if written.seconds is not None:
        TRIES.observe(claim.attempt)
        LATENCY.observe(max(0.0, written.seconds))
