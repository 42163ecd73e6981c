"""Exports spans to an OpenTelemetry collector: OTLP over HTTP, in batches, off the event loop."""

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

TRACES_PATH: Final = "/v1/traces"
EXPORT_TIMEOUT: Final = 5
"""Seconds for the export of a batch."""


@dataclass(frozen=True)
class Tracing:
    """The tracing of a process.

    Attributes:
        tracer: Creates spans.
        provider: Exports them.
        statements: Creates spans for SQL statements.
    """

    tracer: Tracer
    provider: TracerProvider
    statements: AsyncPGInstrumentor

    def stop(self) -> None:
        """Flushes the remaining spans, and stops; may take seconds."""
        self.statements.uninstrument()
        self.provider.shutdown()


def start_tracing(settings: Settings, process: str) -> Tracing:
    """Starts tracing, including SQL statements without their parameters.

    Args:
        settings: The settings, with the address of a collector.
        process: The name of the process.
    """
    headers = settings.otel_exporter_otlp_headers
    exporter = OTLPSpanExporter(
        endpoint=f"{(settings.otel_exporter_otlp_endpoint or '').rstrip('/')}{TRACES_PATH}",
        headers=parse_env_headers(headers.get_secret_value(), liberal=True) if headers else None,
        timeout=EXPORT_TIMEOUT,
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
