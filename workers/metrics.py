"""The metrics of a worker: bells, sweeps, chores, claims, and the outcomes of mails."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

WORKER_REGISTRY: Final = CollectorRegistry()
"""Exposed by workers alone: the API, which imports the doorbell, has none of these."""
HOUR: Final = 3_600.0

WAITING: Final = Gauge(
    "econtracting_outbox_waiting",
    "Rows that are due and held by no worker; every worker reports the same.",
    ("kind",),
    registry=WORKER_REGISTRY,
)
OLDEST: Final = Gauge(
    "econtracting_outbox_oldest_seconds",
    "For how long the oldest of these rows has been due.",
    ("kind",),
    registry=WORKER_REGISTRY,
)
STATE_READ: Final = Gauge(
    "econtracting_outbox_read_timestamp_seconds", "When the outbox was last read.", registry=WORKER_REGISTRY
)
CLAIMED: Final = Counter("econtracting_deliveries_claimed", "Mails that this worker claimed.", registry=WORKER_REGISTRY)
SETTLED: Final = Counter(
    "econtracting_deliveries_settled",
    "Attempts by outcome: SENT, DEFERRED (retried later), REFUSED or GIVEN_UP (failed for good), LOST (uncertain).",
    ("outcome",),
    registry=WORKER_REGISTRY,
)
OVERTAKEN: Final = Counter(
    "econtracting_deliveries_overtaken", "Attempts whose lease another worker had taken over.", registry=WORKER_REGISTRY
)
STOOD_BACK: Final = Counter(
    "econtracting_deliveries_stood_back",
    "Mails deferred behind the others, because the mail server was lost during them or required a login.",
    registry=WORKER_REGISTRY,
)
WITHDRAWN: Final = Counter(
    "econtracting_deliveries_withdrawn", "Mails withdrawn because they were no longer true.", registry=WORKER_REGISTRY
)
TRIES: Final = Histogram(
    "econtracting_delivery_tries",
    "Claims that a mail took until it was sent.",
    buckets=(1, 2, 3, 5, 10, 25, 50),
    registry=WORKER_REGISTRY,
)
LATENCY: Final = Histogram(
    "econtracting_delivery_seconds",
    "From the commit of the event to the mail server's reply for the mail.",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, HOUR, 12 * HOUR, 48 * HOUR),
    registry=WORKER_REGISTRY,
)
PAUSED: Final = Gauge(
    "econtracting_sender_paused",
    "1 while the mail server is unavailable, or refuses the login.",
    registry=WORKER_REGISTRY,
)
BELLS: Final = Counter(
    "econtracting_bells_heard", "Announcements received through the queue.", registry=WORKER_REGISTRY
)
QUEUE_HEARD: Final = Gauge(
    "econtracting_queue_heard", "1 while this worker is connected to the queue.", registry=WORKER_REGISTRY
)
SWEPT: Final = Gauge(
    "econtracting_sweep_timestamp_seconds", "When a sweep last succeeded.", ("sweep",), registry=WORKER_REGISTRY
)
CHORE_DONE: Final = Gauge(
    "econtracting_chore_timestamp_seconds", "When a chore last succeeded.", ("chore",), registry=WORKER_REGISTRY
)
CHORE_FAILED: Final = Counter(
    "econtracting_chore_failures", "Runs of a chore that failed.", ("chore",), registry=WORKER_REGISTRY
)
CHORE_WORK: Final = Counter(
    "econtracting_chore_work", "How much work a chore did.", ("chore",), registry=WORKER_REGISTRY
)
