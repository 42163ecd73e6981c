"""Samples spans: a SQL statement is recorded only inside another span, so that polling for work creates no traces."""

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState, get_current_span
from opentelemetry.util.types import Attributes

STATEMENT_ATTRIBUTE = "db.system"


class StatementSampler(Sampler):
    """Drops statements without a parent span, such as those of a sweep that finds nothing.

    Args:
        inner: The sampler of all other spans.
    """

    def __init__(self, inner: Sampler) -> None:
        self._inner = inner

    def should_sample(  # noqa: PLR0917  # the library's own signature
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Whether the span is recorded."""
        del trace_state
        is_root = not get_current_span(parent_context).get_span_context().is_valid
        if is_root and STATEMENT_ATTRIBUTE in (attributes or {}):
            return SamplingResult(Decision.DROP)
        return self._inner.should_sample(parent_context, trace_id, name, kind, attributes, links)

    def get_description(self) -> str:
        """A description for the SDK."""
        return f"statements inside others; {self._inner.get_description()}"
