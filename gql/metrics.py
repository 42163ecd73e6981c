"""The API's metrics, beside those of its HTTP requests."""

from functools import cache
from typing import Final

from prometheus_client import Counter, Histogram

OPERATIONS: Final = Counter(
    "econtracting_operations", "GraphQL operations, by outcome.", ("operation", "kind", "outcome")
)
OPERATION_SECONDS: Final = Histogram(
    "econtracting_operation_seconds",
    "From the parsed request to the result of a query or mutation.",
    ("operation",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)
OPERATION_COST: Final = Histogram(
    "econtracting_operation_objects",
    "The cost of operations: the objects that they read at most.",
    buckets=(10, 100, 1_000, 10_000, 50_000, 100_000, 250_000),
)
ERRORS: Final = Counter("econtracting_errors", "Top-level errors, by code.", ("code",))
REFUSALS: Final = Counter("econtracting_refusals", "Refusals in the payloads of mutations, by name.", ("refusal",))
BUDGET_FALLBACKS: Final = Counter(
    "econtracting_budget_alone",
    "Times that a process began to count budgets by itself.",
)
UPLOADED_BYTES: Final = Counter("econtracting_uploaded_bytes", "Bytes of attachments that were uploaded.")
DOWNLOADED_BYTES: Final = Counter("econtracting_downloaded_bytes", "Bytes of attachments that were downloaded.")


@cache  # the label sets are few, and `labels` takes longer than counting
def operation_counter(operation: str, kind: str, outcome: str) -> Counter:
    """The counter of operations with these labels."""
    return OPERATIONS.labels(operation, kind, outcome)


@cache
def operation_timer(operation: str) -> Histogram:
    """The histogram of durations of operations of this name."""
    return OPERATION_SECONDS.labels(operation)


def remove_operation_series(operation: str) -> None:
    """Removes the time series of a name that is no longer reported."""
    for metric in (OPERATIONS, OPERATION_SECONDS):
        metric.remove_by_labels({"operation": operation})
    operation_counter.cache_clear()
    operation_timer.cache_clear()
