"""Spans without anything personal: what leaves the process is what stands here, and no more."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

ALLOWED: Final = frozenset(
    {
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "graphql.operation.name",
        "graphql.operation.type",
        "db.system",
        "db.name",
        "db.statement",
        "error.type",
        "econtracting.request_id",
        "econtracting.notifications",
        "econtracting.letters",
        "econtracting.delivery",
        "econtracting.attempt",
        "econtracting.outcome",
        "econtracting.code",
        "econtracting.mails",
    }
)
"""The attributes that are told. Statements hold no values: those travel as parameters, which nobody records."""
LONGEST: Final = 2_000
"""Characters of a statement that are told."""


class RedactingExporter(SpanExporter):
    """Hands spans on without events and words of errors, which quote rows, and without any attribute but those above.

    Args:
        inner: Where they go.
    """

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hands them on."""
        return self._inner.export([_redacted_span(span) for span in spans])

    def shutdown(self) -> None:
        """Ends it."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Whether everything is handed on."""
        return self._inner.force_flush(timeout_millis)


def _redacted_span(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_redacted(span),
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _redacted(span: ReadableSpan) -> dict[str, Any]:
    given: Mapping[str, Any] = span.attributes or {}
    redacted = {name: value for name, value in given.items() if name in ALLOWED}
    if "db.statement" in redacted:
        redacted["db.statement"] = redacted["db.statement"][:LONGEST]
    for event in span.events:
        if event.attributes and "exception.type" in event.attributes:
            redacted["error.type"] = event.attributes["exception.type"]
    return redacted
