"""The order in which deliveries are claimed, and the cost of a claim, which does not grow with the queue."""

from typing import Any

import orjson
import pytest

from domain.database.connection import database
from domain.models import Delivery, Routing
from tests import rows
from tests.database_roles import execute_as_owner
from workers.outbox import delivery_claims, notification_claims
from workers.outbox.delivery_claims import BATCH_SIZE, DeliveryClaim, DeliveryClaimer, has_due_deliveries
from workers.outbox.notification_claims import NotificationClaimer

pytestmark = pytest.mark.usefixtures("database")

MANY = 20_000
_DELIVERIES = """
insert into delivery (routing_id, organisation_id, address, message_id, due_at)
select $1, n.organisation_id, 'post-' || number || '@' || $3::text, '<' || r.id || '-' || number || '@x.example>',
  now() + make_interval(secs => $4)
from notification n join routing r on r.notification_id = n.id, generate_series(1, $2) number where r.id = $1"""


async def a_queue(count: int, domain: str = "werken.example", *, due_in: float = 0) -> Routing:
    """That many waiting deliveries, of an organisation of their own."""
    routing = await rows.a_routing()
    await database().execute_query(_DELIVERIES, [routing.id, count, domain, due_in])
    return routing


async def organisation_of(routing: Routing) -> int:
    return int((await routing.notification).organisation_id)


async def organisations_of(claims: list[DeliveryClaim]) -> list[int]:
    deliveries = await Delivery.in_bulk([claim.id for claim in claims])
    return [deliveries[claim.id].organisation_id for claim in claims]


async def test_one_organisation_alone_gets_the_whole_batch() -> None:
    await a_queue(70)
    claimer = DeliveryClaimer()
    assert [len(await claimer.claim()) for _ in range(3)] == [BATCH_SIZE, 20, 0]


async def test_a_new_delivery_does_not_wait_behind_the_long_queue_of_another_organisation() -> None:
    large, small = await a_queue(MANY), await a_queue(1)
    claims = await DeliveryClaimer().claim()
    counts = [(await organisations_of(claims)).count(await organisation_of(routing)) for routing in (large, small)]
    assert counts == [BATCH_SIZE // 2, 1]


async def test_more_queues_than_fit_in_a_batch_take_turns() -> None:
    for number in range(7):
        await a_queue(2, f"werken-{number}.example")
    claimer = DeliveryClaimer()
    batches = [sorted(claim.domain for claim in await claimer.claim(limit=3)) for _ in range(4)]
    assert batches == [
        [f"werken-{number}.example" for number in numbers] for numbers in ((0, 1, 2), (3, 4, 5), (6, 6), (0, 1, 2))
    ]


async def test_an_excluded_domain_waits_and_holds_up_no_other() -> None:
    await a_queue(60, "vol.example")
    await a_queue(3, "werken.example")
    claimer = DeliveryClaimer()
    assert {claim.domain for claim in await claimer.claim(["vol.example"])} == {"werken.example"}
    assert await claimer.claim(["vol.example"]) == []
    assert {claim.domain for claim in await claimer.claim()} == {"vol.example"}


async def test_deliveries_that_are_due_later_are_not_claimed_and_hide_no_other() -> None:
    await a_queue(5, due_in=60)
    assert not await has_due_deliveries()
    await a_queue(1)
    assert await has_due_deliveries()
    assert len(await DeliveryClaimer().claim()) == 1


async def test_two_workers_claim_different_deliveries() -> None:
    await a_queue(4)
    first, second = DeliveryClaimer(), DeliveryClaimer()
    ids = [claim.id for claimer in (first, second) for claim in await claimer.claim(limit=2)]
    assert len(set(ids)) == 4


async def test_notifications_of_different_contracts_take_turns_likewise() -> None:
    large, small = await rows.a_contract(), await rows.a_contract()
    for contract, count in ((large, 30), (small, 1)):
        for _ in range(count):
            await rows.a_notification(contract, await rows.a_document(contract))
    assert len(await NotificationClaimer().claim(limit=10)) == 6
    claimer = NotificationClaimer()
    assert [len(await claimer.claim(limit=10)) for _ in range(4)] == [10, 10, 5, 0]


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in _nodes(child))]


async def _executed_nodes(statement: str, values: list[object]) -> list[dict[str, Any]]:
    """Executes a statement and returns the nodes of its plan."""
    [row] = await database().execute_query_dict(f"explain (analyze, format json) {statement}", values)
    return _nodes(orjson.loads(row["QUERY PLAN"])[0]["Plan"])


@pytest.mark.parametrize(
    ("index", "statement", "values"),
    [
        ("delivery_queue", delivery_claims._SELECT_IN_TURN, [BATCH_SIZE, 0, "", []]),
        ("notification_queue", notification_claims._SELECT_IN_TURN, [BATCH_SIZE, 0]),
    ],
)
async def test_a_claim_reads_an_index_and_a_few_rows_of_many(index: str, statement: str, values: list[object]) -> None:
    await a_queue(MANY)
    await a_queue(10, "elders.example")
    contract = await rows.a_contract()
    action = await rows.an_action(contract)
    await database().execute_query(
        "insert into notification (trigger, organisation_id, contract_id, action_id)"
        " select 'ACTION_RELEASED', $1, $2, $3 from generate_series(1, $4)",
        [contract.organisation_id, contract.id, action.id, MANY],
    )
    # Otherwise dead index entries of earlier tests could remain, which a claim would have to visit.
    await execute_as_owner(*(f"vacuum (analyze, index_cleanup on) {table}" for table in ("delivery", "notification")))
    nodes = await _executed_nodes(statement, values)
    scans = [node for node in nodes if "Relation Name" in node]
    assert {node["Index Name"] for node in scans} == {index}
    assert not [node["Node Type"] for node in nodes if "Sort" in node["Node Type"] or "Seq" in node["Node Type"]]
    assert sum(node["Actual Rows"] * node["Actual Loops"] for node in scans) <= 4 * BATCH_SIZE
    index_only_scans = [node for node in scans if node["Node Type"] == "Index Only Scan"]
    assert index_only_scans
    # The last page of the table may not be all-visible yet.
    assert max(node["Heap Fetches"] for node in index_only_scans) <= 1
