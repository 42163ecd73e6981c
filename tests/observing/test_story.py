"""A delivery through API, queue, worker and mail server: its trace, and what neither traces nor logs may contain."""

import json
import signal
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from pathlib import Path
from typing import Any

import pytest

from domain.models import Delivery, DeliveryStatus, DocumentLevel
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import a_cast
from tests.conftest import Environment, SmtpSink
from tests.gql.test_processes import LOOK_UP, ApiProcess, api_process
from tests.identity.conftest import ProviderUnderTest, application_listener, generated_keys, provider_under_test
from tests.observing.collector import Collector, running_collector
from tests.rows.registers import a_registered_person
from tests.workers.events import eventually
from tests.workers.processes import WITHOUT_SWEEP, a_worker

__all__ = ["application_listener", "generated_keys", "provider_under_test"]

PATIENT_DOORBELL = "import workers.doorbell; workers.doorbell.ENQUEUE_TIMEOUT = 60.0"
"""The only job is enqueued however busy the machine is."""
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
COLLECTOR_HEADERS = "Authorization=Bearer%20of%20spans"
"""The headers that the collector requires, in OpenTelemetry's notation."""
DELIVER = """mutation DeliverDocument($input: DeliverDocumentInput!) {
  deliverDocument(input: $input) { document { id } errors { code message } } }"""
ADDRESS, TITLE, GIVEN, FAMILY = "ontvangst@geheim.example", "Vertrouwelijke staat", "Hildegonde", "Vandersteen"


async def deliver(api: ApiProcess, token: str, contract_id: int) -> None:
    """Delivers a document as the authority's system does, in a trace of its own."""
    contract = global_id("Contract", contract_id)
    variables = {"contractId": contract, "themeCode": "INVOICING", "title": TITLE, "externalId": "1"}
    response = await api.client.post(
        "/graphql",
        json={"query": DELIVER, "variables": {"input": variables}},
        headers={"authorization": f"Bearer {token}", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"},
    )
    assert response.json()["data"]["deliverDocument"]["errors"] == []


async def is_sent() -> bool:
    return await Delivery.filter(status=DeliveryStatus.SENT).exists()


def spans_of_trace(collector: Collector) -> dict[str, list[tuple[str, Any]]]:
    """The spans of the delivery's trace, by name."""
    spans: dict[str, list[tuple[str, Any]]] = {}
    for service, span in collector.spans:
        if span.trace_id.hex() == TRACE:
            spans.setdefault(span.name, []).append((service, span))
    return spans


def parent_of(spans: dict[str, list[tuple[str, Any]]], span: Any) -> str:
    """The name of a span's parent."""
    [name] = [
        name for name, same_named in spans.items() for _, other in same_named if other.span_id == span.parent_span_id
    ]
    return name


def attributes(span: Any) -> dict[str, str]:
    return {
        attribute.key: attribute.value.string_value or str(attribute.value.int_value) for attribute in span.attributes
    }


def check_trace(collector: Collector) -> None:
    """HTTP, GraphQL, SQL in the API; the claim in SQL and the mail in the worker; each inside the other."""
    spans = spans_of_trace(collector)
    [(http_service, http)] = spans["POST /graphql"]
    [(_, graphql)] = spans["mutation DeliverDocument"]
    [(job_service, deliver_job)] = spans["deliver"]
    [(_, mails)] = spans["mails"]
    [(_, mail)] = spans["mail"]
    assert (http_service, job_service) == ("econtracting-api", "econtracting-worker")
    assert http.parent_span_id.hex() == "00f067aa0ba902b7"
    assert attributes(http)["http.response.status_code"] == "200"
    assert parent_of(spans, graphql) == "POST /graphql"
    assert parent_of(spans, deliver_job) == "mutation DeliverDocument"
    assert parent_of(spans, mails) == "deliver"
    assert parent_of(spans, mail) == "mails"
    assert attributes(mail)["econtracting.outcome"] == "SENT"
    parents = {parent_of(spans, span) for name in ("insert", "INSERT", "with") for _, span in spans.get(name, [])}
    assert {"mutation DeliverDocument", "deliver"} <= parents


def check_log(text: str) -> None:
    """Every line is JSON, and the request's line has its actor and its operation."""
    lines = [json.loads(line) for line in text.splitlines()]
    [delivery] = [line for line in lines if line.get("operation") == "DeliverDocument" and line["event"] == "request"]
    assert delivery["actor"].startswith("authority:")
    assert len(delivery["request_id"]) == 32
    assert (delivery["route"], delivery["status"]) == ("/graphql", 200)


@pytest.mark.usefixtures("valkey", "smtp_sink")
async def test_a_delivery_is_one_trace_and_nothing_personal_is_exported_or_logged(
    database: str, environment: Environment, provider_under_test: ProviderUnderTest, smtp_sink: SmtpSink, tmp_path: Path
):
    assert database
    cast = await a_cast()
    client = await rows.a_machine_client(client_id="authority")
    authority = await client.organisation
    contract = await rows.a_contract(cast.organisation, authority)
    group = await rows.a_group(cast.organisation, email=ADDRESS, levels={"INVOICING": DocumentLevel.SEND})
    await rows.a_link(contract, group)
    number = rows.a_national_number()
    await a_registered_person(number, given_name=GIVEN, family_name=FAMILY)
    token = provider_under_test.token(sub="authority", client_id="authority")
    with running_collector() as collector:
        environment.set(OTEL_EXPORTER_OTLP_ENDPOINT=collector.address, OTEL_EXPORTER_OTLP_HEADERS=COLLECTOR_HEADERS)
        async with api_process(tmp_path, PATIENT_DOORBELL) as api, a_worker(tmp_path, WITHOUT_SWEEP) as worker:
            data = await api.execute(cast.people["manager"], LOOK_UP, input={
                "organisationId": global_id("Organisation", cast.organisation.id), "nationalNumber": number,
            })  # fmt: skip
            assert data["lookUpPerson"]["person"]["familyName"] == FAMILY
            await deliver(api, token, contract.id)
            await eventually(is_sent)
            assert await worker.end(signal.SIGTERM) == 0
        log, worker_log = api.log.read_text(), worker.log.read_text()

    [mail] = smtp_sink.mails()
    assert mail["Delivered-To"] == ADDRESS
    check_trace(collector)
    assert collector.authorizations == {"Bearer of spans"}
    check_log(log)
    secrets = {ADDRESS, "geheim.example", GIVEN, FAMILY, TITLE, number, token}
    for place, text in {"API's log": log, "worker's log": worker_log, "traces": collector.text}.items():
        assert {secret for secret in secrets if secret in text} == set(), place


async def test_opentelemetry_is_not_imported_without_a_collector():
    code = "import sys, gql.app, workers.run; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    process = await create_subprocess_exec(sys.executable, "-c", code, stdout=PIPE)
    stdout, _ = await process.communicate()
    assert stdout.decode() == "[]\n"
