"""The metrics of operations, whose number of series is bounded whatever clients send."""

import pytest

from domain.actor import OPERATOR
from domain.rules.trusted_document import forget_documents, register_documents
from gql.documents.digest import digest_of
from gql.metrics import operation_counter, operation_timer
from gql.operations.names import MAX_NAMES, OPERATION_NAMES, OperationNames
from tests import rows
from tests.conftest import Environment
from tests.gql.execution import execute_operation, person
from tests.gql.http_client import browser, post, sign_in
from tests.gql.reading.engine_execution import enable_engine
from tests.observing.scrape import Scrape

pytestmark = pytest.mark.usefixtures("database")


async def register(text: str) -> None:
    await register_documents(actor=OPERATOR, documents={digest_of(text): text})


def operations(scrape: Scrape, name: str, kind: str, outcome: str) -> float:
    return scrape.value("econtracting_operations_total", operation=name, kind=kind, outcome=outcome)


async def test_a_thousand_operation_names_make_no_new_series():
    async with browser() as client:
        await post(client, "query Name0 { viewer { sessions { id } } }")
        before = Scrape.of_this_process()
        for number in range(1, 1_001):
            await post(client, f"query Name{number} {{ viewer {{ sessions {{ id }} }} }}")
        await client.get("/wp-admin/17")
        await client.get("/wp-admin/18")
    after = Scrape.of_this_process()
    new_routes = {dict(labels).get("route", "") for _, labels in after.series() - before.series()}
    assert new_routes <= {"none"}
    assert operations(after, "other", "query", "answered") - operations(before, "other", "query", "answered") == 1_000


async def test_operations_of_the_screens_are_counted_by_name_and_outcome():
    user = await rows.a_user()
    before = Scrape.of_this_process()
    await execute_operation(person(user), "query StartScreen { viewer { sessions { id } } }")
    await execute_operation(person(user), "query StartScreen { viewer { nothing } }")
    await execute_operation(person(user), "{ viewer { sessions { id } } }")
    after = Scrape.of_this_process()
    counts = {
        (name, outcome): operations(after, name, "query", outcome) - operations(before, name, "query", outcome)
        for name in ("StartScreen", "unnamed")
        for outcome in ("answered", "refused")
    }
    assert counts == {
        ("StartScreen", "answered"): 1,
        ("StartScreen", "refused"): 1,
        ("unnamed", "answered"): 1,
        ("unnamed", "refused"): 0,
    }
    assert after.value("econtracting_errors_total", code="BAD_INPUT") == (
        before.value("econtracting_errors_total", code="BAD_INPUT") + 1
    )


async def test_an_operation_on_the_fast_path_is_counted_like_any_other(environment: Environment):
    del environment
    user = await rows.a_user()
    async with enable_engine():
        before = Scrape.of_this_process()
        for _ in range(5):
            result = await execute_operation(person(user), "query StartScreen { viewer { sessions { id } } }")
            assert result.errors == []
        after = Scrape.of_this_process()
    count = operations(after, "StartScreen", "query", "answered") - operations(
        before, "StartScreen", "query", "answered"
    )
    duration_count = "econtracting_operation_seconds_count"
    assert count == 5
    assert (
        after.value(duration_count, operation="StartScreen") - before.value(duration_count, operation="StartScreen")
        == 5
    )
    objects_count = "econtracting_operation_objects_count"
    assert after.value(objects_count) - before.value(objects_count) == 5


async def test_refusals_are_counted_by_name():
    before = Scrape.of_this_process()
    document = 'mutation { endSession(input: {id: "U2Vzc2lvbjox"}) { errors { refusal } } }'
    result = await execute_operation(person(await rows.a_user()), document)
    [refusal] = [error["refusal"] for error in result.data["endSession"]["errors"]]
    count = Scrape.of_this_process().value("econtracting_refusals_total", refusal=refusal)
    assert count == before.value("econtracting_refusals_total", refusal=refusal) + 1


async def test_requests_are_counted_by_route_and_not_by_path():
    before = Scrape.of_this_process()
    async with browser() as client:
        await sign_in(client, await rows.a_user())
        for contract_id in ("1", "2"):
            await client.get(f"/contracts/{contract_id}")
        await client.request("BREW", "/health/live")
    after = Scrape.of_this_process()
    name = "econtracting_http_requests_total"
    labels = {"method": "GET", "route": "/contracts/{id}", "status": "307"}
    assert after.value(name, **labels) - before.value(name, **labels) == 2
    assert after.value(name, method="other", route="/health/live", status="405") == 1


async def test_the_operation_names_of_registered_documents_are_known():
    names = OperationNames()
    await register("query OurOwnDashboard { viewer { sessions { id } } }")
    await names.refresh()
    assert "OurOwnDashboard" in names.known
    assert "OurOwnDashboard" not in OPERATION_NAMES.known


async def test_the_operation_names_of_forgotten_documents_are_dropped_with_their_series():
    names, name, text = OperationNames(), "OurOldDashboard", "query OurOldDashboard { viewer { sessions { id } } }"
    await register(text)
    await names.refresh()
    operation_counter(name, "query", "answered").inc()
    operation_timer(name).observe(0.1)
    room = MAX_NAMES - len(names.known)

    await forget_documents(actor=OPERATOR, digests=[digest_of(text)])
    await register(" ".join(f"query Q{number} {{ __typename }}" for number in range(room + 1)))
    await names.refresh()

    assert name not in names.known
    assert len(names.known) == MAX_NAMES
    series = Scrape.of_this_process().series()
    assert not [sample for sample in series if ("operation", name) in sample[1]]
    # A new series of that name starts from zero.
    operation_counter(name, "query", "answered").inc()
    assert operations(Scrape.of_this_process(), name, "query", "answered") == 1


async def test_the_number_of_known_operation_names_is_limited():
    names = OperationNames()
    await register(" ".join(f"query Q{number} {{ __typename }}" for number in range(MAX_NAMES)))
    await names.refresh()
    assert "Q1" not in names.known
