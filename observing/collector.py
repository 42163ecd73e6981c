"""The way to an OpenTelemetry collector: OTLP over HTTP, in batches, off the event loop."""

from dataclasses import dataclass
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import Tracer
from opentelemetry.util.re import parse_env_headers

from observing.redaction import RedactingExporter
from observing.statement_sampler import StatementSampler
from settings import Settings

TRACES: Final = "/v1/traces"
PATIENCE: Final = 5
"""Seconds that the collector is given for a batch."""


@dataclass(frozen=True)
class Tracing:
    """Tracing under way.

    Attributes:
        tracer: What makes spans.
        provider: What sends them.
        statements: What makes spans of statements.
    """

    tracer: Tracer
    provider: TracerProvider
    statements: AsyncPGInstrumentor

    def end(self) -> None:
        """Sends what is left, and stops; it may take seconds."""
        self.statements.uninstrument()
        self.provider.shutdown()


def begin_tracing(settings: Settings, process: str) -> Tracing:
    """Begins to trace; statements too, without their values.

    Args:
        settings: The settings, with a collector's address.
        process: What the process is called.
    """
    wanted = settings.otel_exporter_otlp_headers
    exporter = OTLPSpanExporter(
        endpoint=f"{(settings.otel_exporter_otlp_endpoint or '').rstrip('/')}{TRACES}",
        headers=parse_env_headers(wanted.get_secret_value(), liberal=True) if wanted else None,
        timeout=PATIENCE,
    )
    provider = TracerProvider(
        sampler=StatementSampler(ParentBasedTraceIdRatio(settings.otel_traces_sampler_arg)),
        resource=Resource.create({"service.name": f"{settings.otel_service_name}-{process}"}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(RedactingExporter(exporter)))
    statements = AsyncPGInstrumentor()  # type: ignore[no-untyped-call]  # the library leaves its type out
    statements.instrument(tracer_provider=provider)
    return Tracing(provider.get_tracer("econtracting"), provider, statements)
