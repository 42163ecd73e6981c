"""Redacts spans: nothing leaves the process but the attributes listed here, none of which is personal."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

ALLOWED_ATTRIBUTES: Final = frozenset(
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
"""The attributes that are exported. Statements contain no values: those are parameters, which aren't recorded."""
MAX_STATEMENT_LENGTH: Final = 2_000
"""Characters of a statement that are exported."""


class RedactingExporter(SpanExporter):
    """Exports spans without events and error messages, which quote rows, and with allowed attributes only.

    Args:
        inner: The exporter that sends them.
    """

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Exports the redacted spans."""
        return self._inner.export([_redacted_span(span) for span in spans])

    def shutdown(self) -> None:
        """Shuts the inner exporter down."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flushes the inner exporter; returns whether that succeeded."""
        return self._inner.force_flush(timeout_millis)


def _redacted_span(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_redacted_attributes(span),
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _redacted_attributes(span: ReadableSpan) -> dict[str, Any]:
    attributes: Mapping[str, Any] = span.attributes or {}
    redacted = {name: value for name, value in attributes.items() if name in ALLOWED_ATTRIBUTES}
    if "db.statement" in redacted:
        redacted["db.statement"] = redacted["db.statement"][:MAX_STATEMENT_LENGTH]
    for event in span.events:
        if event.attributes and "exception.type" in event.attributes:
            redacted["error.type"] = event.attributes["exception.type"]
    return redacted
