"""Traces of a process, sent to an OpenTelemetry collector if one is configured.

Without one, nothing of OpenTelemetry is imported, and spans do nothing.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final

from settings import Settings

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

TRACEPARENT: Final = "traceparent"
"""The header in which a trace's ids are propagated (W3C Trace Context)."""
NO_SPAN: Final[AbstractContextManager[None]] = contextlib.nullcontext()

_tracer: "Tracer | None" = None


def is_tracing() -> bool:
    """Whether tracing is enabled."""
    return _tracer is not None


def span(
    name: str, traceparent: str | None = None, *, kind: str = "INTERNAL", **attributes: Any
) -> AbstractContextManager["Span | None"]:
    """A span around a block, as a child of the current one; None if tracing is disabled.

    Args:
        name: Its name.
        traceparent: The parent in another process, as `current_traceparent` returned it there.
        kind: `SERVER`, `CLIENT`, `PRODUCER`, `CONSUMER` or `INTERNAL`.
        attributes: Its attributes, with dots in their names written as `__`.
    """
    if _tracer is None:
        return NO_SPAN
    from opentelemetry.trace import SpanKind  # noqa: PLC0415  # only when tracing

    return _tracer.start_as_current_span(
        name, context=_context(traceparent), kind=SpanKind[kind], attributes=_attributes(attributes)
    )


def record_span(name: str, started_at: int, **attributes: Any) -> None:
    """Records a span that ends now.

    Args:
        name: Its name.
        started_at: `time.time_ns()` when it began.
        attributes: Its attributes, with dots in their names written as `__`.
    """
    if _tracer is not None:
        _tracer.start_span(name, start_time=started_at, attributes=_attributes(attributes)).end(time.time_ns())


def current_traceparent() -> str | None:
    """The current trace, to be propagated to another process; None if there is none."""
    if _tracer is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415  # see above

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get(TRACEPARENT)


def _context(traceparent: str | None) -> Any:
    if traceparent is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415  # see above

    return TraceContextTextMapPropagator().extract({TRACEPARENT: traceparent})


def _attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("__", "."): value for name, value in attributes.items() if value is not None}


@contextlib.asynccontextmanager
async def process_tracing(settings: Settings, process: str) -> AsyncIterator[None]:
    """Enables tracing while the block lasts, if a collector is configured; then flushes the remaining spans.

    Args:
        settings: The settings.
        process: The name of the process: `api` or `worker`.
    """
    global _tracer  # noqa: PLW0603  # one a process, like its database
    if settings.otel_exporter_otlp_endpoint is None:
        yield
        return
    from observing.collector import start_tracing  # noqa: PLC0415  # see above

    tracing = start_tracing(settings, process)
    _tracer = tracing.tracer
    try:
        yield
    finally:
        _tracer = None
        await asyncio.to_thread(tracing.stop)
