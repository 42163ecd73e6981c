"""Traces of what a process does, sent to an OpenTelemetry collector where the settings name one.

Where they don't, nothing of OpenTelemetry is imported, and a span is a block that does nothing.
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

CARRIED: Final = "traceparent"
"""The header, of W3C Trace Context, in which a trace travels: ids alone."""
NOTHING: Final[AbstractContextManager[None]] = contextlib.nullcontext()

_tracer: "Tracer | None" = None


def tracing() -> bool:
    """Whether anything is traced."""
    return _tracer is not None


def span(
    name: str, carried: str | None = None, *, kind: str = "INTERNAL", **attributes: Any
) -> AbstractContextManager["Span | None"]:
    """A span around a block, inside the one that is open; None where nothing is traced.

    Args:
        name: What it is called.
        carried: The trace that it belongs to, as `carried_trace` told it in another process.
        kind: `SERVER`, `CLIENT`, `PRODUCER`, `CONSUMER` or `INTERNAL`.
        attributes: What is told of it, dots written as `__`.
    """
    if _tracer is None:
        return NOTHING
    from opentelemetry.trace import SpanKind  # noqa: PLC0415  # only where something is traced

    return _tracer.start_as_current_span(
        name, context=_context(carried), kind=SpanKind[kind], attributes=_named(attributes)
    )


def past_span(name: str, began: int, **attributes: Any) -> None:
    """A span of something that is over now.

    Args:
        name: What it is called.
        began: `time.time_ns()` when it began.
        attributes: What is told of it, dots written as `__`.
    """
    if _tracer is not None:
        _tracer.start_span(name, start_time=began, attributes=_named(attributes)).end(time.time_ns())


def carried_trace() -> str | None:
    """The open trace, for another process; None where there is none."""
    if _tracer is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415  # see above

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get(CARRIED)


def _context(carried: str | None) -> Any:
    if carried is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415  # see above

    return TraceContextTextMapPropagator().extract({CARRIED: carried})


def _named(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("__", "."): value for name, value in attributes.items() if value is not None}


@contextlib.asynccontextmanager
async def traced(settings: Settings, process: str) -> AsyncIterator[None]:
    """Traces while the block lasts, where the settings name a collector; then sends what is left.

    Args:
        settings: The settings.
        process: What the process is called: `api` or `worker`.
    """
    global _tracer  # noqa: PLW0603  # one a process, like its database
    if settings.otel_exporter_otlp_endpoint is None:
        yield
        return
    from observing.collector import begin_tracing  # noqa: PLC0415  # see above

    begun = begin_tracing(settings, process)
    _tracer = begun.tracer
    try:
        yield
    finally:
        _tracer = None
        await asyncio.to_thread(begun.end)
