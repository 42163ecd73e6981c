"""Which spans are kept: a statement only as a part of something, so that looking for work is no trace."""

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState, get_current_span
from opentelemetry.util.types import Attributes

OF_STATEMENTS = "db.system"


class StatementSampler(Sampler):
    """Drops statements that stand alone, such as those of a sweep that finds nothing.

    Args:
        inner: Decides on everything else.
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
        """Whether the span is kept."""
        del trace_state
        alone = not get_current_span(parent_context).get_span_context().is_valid
        if alone and OF_STATEMENTS in (attributes or {}):
            return SamplingResult(Decision.DROP)
        return self._inner.should_sample(parent_context, trace_id, name, kind, attributes, links)

    def get_description(self) -> str:
        """What it is."""
        return f"statements inside others; {self._inner.get_description()}"
