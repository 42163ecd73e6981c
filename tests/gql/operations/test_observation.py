"""The metrics of operations: bounded, whatever clients send."""

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
from tests.observing.scraped import Scrape

pytestmark = pytest.mark.usefixtures("database")


async def register(text: str) -> None:
    await register_documents(actor=OPERATOR, documents={digest_of(text): text})


def operations(scrape: Scrape, name: str, kind: str, outcome: str) -> float:
    return scrape.value("econtracting_operations_total", operation=name, kind=kind, outcome=outcome)


async def test_a_thousand_names_make_no_new_series():
    async with browser() as client:
        await post(client, "query Name0 { viewer { sessions { id } } }")
        before = Scrape.of_this_process()
        for number in range(1, 1_001):
            await post(client, f"query Name{number} {{ viewer {{ sessions {{ id }} }} }}")
        await client.get("/wp-admin/17")
        await client.get("/wp-admin/18")
    after = Scrape.of_this_process()
    new = {dict(labels).get("route", "") for _, labels in after.series() - before.series()}
    assert new <= {"none"}
    assert operations(after, "other", "query", "answered") - operations(before, "other", "query", "answered") == 1_000


async def test_operations_of_the_screens_are_counted_by_name_and_by_what_came_of_them():
    user = await rows.a_user()
    before = Scrape.of_this_process()
    await execute_operation(person(user), "query StartScreen { viewer { sessions { id } } }")
    await execute_operation(person(user), "query StartScreen { viewer { nothing } }")
    await execute_operation(person(user), "{ viewer { sessions { id } } }")
    after = Scrape.of_this_process()
    counted = {
        (name, outcome): operations(after, name, "query", outcome) - operations(before, name, "query", outcome)
        for name in ("StartScreen", "unnamed")
        for outcome in ("answered", "refused")
    }
    assert counted == {
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
            answer = await execute_operation(person(user), "query StartScreen { viewer { sessions { id } } }")
            assert answer.errors == []
        after = Scrape.of_this_process()
    counted = operations(after, "StartScreen", "query", "answered") - operations(
        before, "StartScreen", "query", "answered"
    )
    timed = "econtracting_operation_seconds_count"
    assert counted == 5
    assert after.value(timed, operation="StartScreen") - before.value(timed, operation="StartScreen") == 5
    weighed = "econtracting_operation_objects_count"
    assert after.value(weighed) - before.value(weighed) == 5


async def test_refusals_are_counted_by_name():
    before = Scrape.of_this_process()
    end = 'mutation { endSession(input: {id: "U2Vzc2lvbjox"}) { errors { refusal } } }'
    answer = await execute_operation(person(await rows.a_user()), end)
    [name] = [error["refusal"] for error in answer.data["endSession"]["errors"]]
    counted = Scrape.of_this_process().value("econtracting_refusals_total", refusal=name)
    assert counted == before.value("econtracting_refusals_total", refusal=name) + 1


async def test_requests_are_counted_by_route_and_not_by_address():
    before = Scrape.of_this_process()
    async with browser() as client:
        await sign_in(client, await rows.a_user())
        for key in ("1", "2"):
            await client.get(f"/contracts/{key}")
        await client.request("BREW", "/health/live")
    after = Scrape.of_this_process()
    name = "econtracting_http_requests_total"
    shown = {"method": "GET", "route": "/contracts/{id}", "status": "307"}
    assert after.value(name, **shown) - before.value(name, **shown) == 2
    assert after.value(name, method="other", route="/health/live", status="405") == 1


async def test_the_names_in_registered_documents_become_known():
    names = OperationNames()
    await register("query OurOwnDashboard { viewer { sessions { id } } }")
    await names.refresh()
    assert "OurOwnDashboard" in names.known
    assert "OurOwnDashboard" not in OPERATION_NAMES.known


async def test_the_names_of_forgotten_documents_are_told_no_more_and_leave_room_for_others():
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
    # Told again, it is counted from the beginning.
    operation_counter(name, "query", "answered").inc()
    assert operations(Scrape.of_this_process(), name, "query", "answered") == 1


async def test_no_more_names_than_so_many_become_known():
    names = OperationNames()
    await register(" ".join(f"query Q{number} {{ __typename }}" for number in range(MAX_NAMES)))
    await names.refresh()
    assert "Q1" not in names.known
