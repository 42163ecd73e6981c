"""Counts the outcomes of attempts."""

from typing import Final

from domain.delivery_status import DeliveryStatus
from workers.metrics import LATENCY, OVERTAKEN, SETTLED, TRIES
from workers.outbox.claimed_deliveries import SettledDelivery
from workers.outbox.delivery_claims import DeliveryClaim
from workers.smtp.outcome import Outcome, Verdict

GIVEN_UP: Final = "GIVEN_UP"
"""The label of a mail that was deferred for the last time."""

# The counters exist from the start: Prometheus wouldn't count the event with which a counter appears.
for _outcome in (*Verdict, GIVEN_UP):
    SETTLED.labels(_outcome)


def count_outcome(claim: DeliveryClaim, outcome: Outcome, settled: SettledDelivery | None) -> None:
    """Counts an attempt and, if the mail was sent, observes how long that took.

    Args:
        claim: The claim.
        outcome: The attempt's outcome.
        settled: The delivery after the attempt; None if another worker had taken it over.
    """
    if settled is None:
        OVERTAKEN.inc()
        return
    given_up = outcome.verdict is Verdict.DEFERRED and settled.status is DeliveryStatus.FAILED
    SETTLED.labels(GIVEN_UP if given_up else outcome.verdict.value).inc()
    if settled.latency is not None:
        TRIES.observe(claim.attempt)
        LATENCY.observe(max(0.0, settled.latency))
