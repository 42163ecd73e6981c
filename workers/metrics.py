"""The metrics of a worker: bells, sweeps, chores, claims, and the outcomes of mails."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

WORKER_REGISTRY: Final = CollectorRegistry()
"""Exposed by workers alone: the API, which imports the doorbell, has none of these."""
HOUR: Final = 3_600.0

WAITING: Final = Gauge(
    "econtracting_outbox_waiting",
    "What is due and in nobody's hands; every worker tells the same.",
    ("kind",),
    registry=WORKER_REGISTRY,
)
OLDEST: Final = Gauge(
    "econtracting_outbox_oldest_seconds",
    "For how long the oldest of what is due has been due.",
    ("kind",),
    registry=WORKER_REGISTRY,
)
STATE_READ: Final = Gauge(
    "econtracting_outbox_read_timestamp_seconds", "When the outbox was last looked at.", registry=WORKER_REGISTRY
)
CLAIMED: Final = Counter(
    "econtracting_deliveries_claimed", "Mails that this worker took into its hands.", registry=WORKER_REGISTRY
)
SETTLED: Final = Counter(
    "econtracting_deliveries_settled",
    "Tries, by what came of them: SENT, DEFERRED to later, REFUSED or GIVEN_UP for good, LOST (uncertain).",
    ("outcome",),
    registry=WORKER_REGISTRY,
)
OVERTAKEN: Final = Counter(
    "econtracting_deliveries_overtaken", "Tries whose lease another worker had taken over.", registry=WORKER_REGISTRY
)
STOOD_BACK: Final = Counter(
    "econtracting_deliveries_stood_back",
    "Mails that the mail server was lost over, or asked for a login over: the others go first.",
    registry=WORKER_REGISTRY,
)
WITHDRAWN: Final = Counter(
    "econtracting_deliveries_withdrawn", "Mails taken back because they were no longer true.", registry=WORKER_REGISTRY
)
TRIES: Final = Histogram(
    "econtracting_delivery_tries",
    "Claims that a mail took until it was sent.",
    buckets=(1, 2, 3, 5, 10, 25, 50),
    registry=WORKER_REGISTRY,
)
LATENCY: Final = Histogram(
    "econtracting_delivery_seconds",
    "From the commit of what happened to the mail server's answer for the mail.",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, HOUR, 12 * HOUR, 48 * HOUR),
    registry=WORKER_REGISTRY,
)
PAUSED: Final = Gauge(
    "econtracting_sender_paused", "1 while the mail server is away, or lets nobody in.", registry=WORKER_REGISTRY
)
BELLS: Final = Counter(
    "econtracting_bells_heard", "Announcements that came through the queue.", registry=WORKER_REGISTRY
)
QUEUE_HEARD: Final = Gauge("econtracting_queue_heard", "1 while this worker hears the queue.", registry=WORKER_REGISTRY)
SWEPT: Final = Gauge(
    "econtracting_sweep_timestamp_seconds", "When a sweep last ended well.", ("sweep",), registry=WORKER_REGISTRY
)
CHORE_DONE: Final = Gauge(
    "econtracting_chore_timestamp_seconds", "When a chore last ended well.", ("chore",), registry=WORKER_REGISTRY
)
CHORE_FAILED: Final = Counter(
    "econtracting_chore_failures", "Turns of a chore that failed.", ("chore",), registry=WORKER_REGISTRY
)
CHORE_WORK: Final = Counter(
    "econtracting_chore_work", "How much a chore found to do.", ("chore",), registry=WORKER_REGISTRY
)
