"""What is exported of a span: no error messages, no values, no statement without a parent."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import StatusCode, Tracer

from observing.redaction import MAX_STATEMENT_LENGTH, RedactingExporter
from observing.statement_sampler import StatementSampler

SECRET = "geheim@werken.example"  # noqa: S105  # it must not be exported


@pytest.fixture
def exported() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(exported: InMemorySpanExporter) -> Tracer:
    provider = TracerProvider(sampler=StatementSampler(ALWAYS_ON), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(RedactingExporter(exported)))
    return provider.get_tracer("tests")


def test_an_error_is_exported_as_its_class(tracer: Tracer, exported: InMemorySpanExporter):
    with pytest.raises(ValueError, match=SECRET), tracer.start_as_current_span("mail", attributes={"to": SECRET}):
        raise ValueError(SECRET)
    [span] = exported.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
    assert dict(span.attributes or {}) == {"error.type": "ValueError"}
    assert SECRET not in span.to_json()


def test_a_statement_is_exported_inside_another_span_and_truncated(tracer: Tracer, exported: InMemorySpanExporter):
    statement = {"db.system": "postgresql", "db.statement": "select " + "x" * MAX_STATEMENT_LENGTH}
    with tracer.start_as_current_span("select", attributes=statement):
        pass
    with tracer.start_as_current_span("deliver"), tracer.start_as_current_span("select", attributes=statement):
        pass
    inside, outside = exported.get_finished_spans()
    assert (inside.name, outside.name) == ("select", "deliver")
    assert len(str((inside.attributes or {})["db.statement"])) == MAX_STATEMENT_LENGTH
