"""What the API counts, beside its requests over HTTP."""

from functools import cache
from typing import Final

from prometheus_client import Counter, Histogram

OPERATIONS: Final = Counter(
    "econtracting_operations", "GraphQL operations, by what came of them.", ("operation", "kind", "outcome")
)
OPERATION_SECONDS: Final = Histogram(
    "econtracting_operation_seconds",
    "From the parsed request to the result of a query or mutation.",
    ("operation",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)
OBJECTS: Final = Histogram(
    "econtracting_operation_objects",
    "What operations cost: the objects that they ask for at most.",
    buckets=(10, 100, 1_000, 10_000, 50_000, 100_000, 250_000),
)
ERRORS: Final = Counter("econtracting_errors", "Errors that are no payload's, by code.", ("code",))
REFUSALS: Final = Counter("econtracting_refusals", "Refusals in the payloads of mutations, by name.", ("refusal",))
BUDGET_ALONE: Final = Counter("econtracting_budget_alone", "Times that budgets stopped being shared through Valkey.")
UPLOADED: Final = Counter("econtracting_uploaded_bytes", "Bytes of attachments that were taken in.")
DOWNLOADED: Final = Counter("econtracting_downloaded_bytes", "Bytes of attachments that were given out.")


@cache  # there is one for each known name, kind and outcome, and finding it takes longer than counting
def counted(operation: str, kind: str, outcome: str) -> Counter:
    """What counts the operations of a name."""
    return OPERATIONS.labels(operation, kind, outcome)


@cache
def timed(operation: str) -> Histogram:
    """What times the operations of a name."""
    return OPERATION_SECONDS.labels(operation)


def forget_operation(operation: str) -> None:
    """Ends the series of a name that is told no more."""
    for metric in (OPERATIONS, OPERATION_SECONDS):
        metric.remove_by_labels({"operation": operation})
    counted.cache_clear()
    timed.cache_clear()
