"""The caches of operations and plans are bounded, however many documents are executed."""

import gc
import sys
from typing import Any
from weakref import ref

import pytest
from graphql import DocumentNode, parse

from domain.standing import Standing
from gql.context import Context
from gql.operations import operation_cache
from gql.reading.engine import plan_cache
from gql.reading.engine.cache_entries import PlanEntry
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.plan_cache import PlanCache
from gql.reading.ids import global_id
from gql.schema import DOCUMENT_CACHE_SIZE, schema
from tests import rows
from tests.gql.execution import REQUEST_ID, person

pytestmark = pytest.mark.usefixtures("database", "enabled_engine")
MORE_THAN_CACHED = max(operation_cache.MAX_OPERATIONS, plan_cache.MAX_OPERATIONS, DOCUMENT_CACHE_SIZE) + 44
STANDING = Standing(1, acts_for=[1], administers=[1])
MAX_BLOCKS_PER_DOCUMENT = 10
"""Memory blocks that may remain of an evicted document; a cached one has many times that."""


async def blocks_after_executing(user_id: int, first: int) -> int:
    """Executes different documents until each is cached, and returns the memory blocks in use afterwards."""
    for number in range(first, first + MORE_THAN_CACHED):
        for _ in range(3):
            context = Context(actor=person(user_id), language="nl", request_id=REQUEST_ID)
            document = f"query Number{number} {{ viewer {{ user {{ a{number}: givenName }} }} }}"
            assert (await schema.execute(document, context_value=context)).errors is None
    gc.collect()
    return sys.getallocatedblocks()


async def test_evicted_documents_leave_no_memory_behind():
    user = await rows.a_user()
    before = await blocks_after_executing(user.id, 0)

    after = await blocks_after_executing(user.id, MORE_THAN_CACHED)

    assert after - before < MORE_THAN_CACHED * MAX_BLOCKS_PER_DOCUMENT


PREVIEW = """query Preview($id: ID!, $shown: Boolean!) { node(id: $id) { ... on Contract {
  number notificationPreview(trigger: MESSAGE_RECEIVED) @include(if: $shown) { subject }
} } }"""
"""Selects a field of a function, which the engine leaves to the executor, if `shown`."""


def find(plans: PlanCache, document: DocumentNode, *, shown: bool) -> tuple[PlanEntry, list[Any]]:
    return plans.find((PREVIEW, None, "nl"), document, {"id": global_id("Contract", 1), "shown": shown}, STANDING)


def rejected_request(plans: PlanCache) -> "tuple[str, ref[DocumentNode]]":
    """Why there is no plan for a request, and a weak reference to its document."""
    document = parse(PREVIEW)
    with pytest.raises(Fallback) as fallback:
        find(plans, document, shown=True)
    return fallback.value.reason, ref(document)


async def test_a_rejected_request_is_not_kept_in_memory():
    plans = PlanCache(schema)
    # At the second request the operation itself is cached.
    assert [rejected_request(plans)[0] for _ in range(2)] == ["first sight", "Contract.notification_preview"]

    requests = [rejected_request(plans) for _ in range(3)]
    gc.collect()

    assert {reason for reason, _ in requests} == {"Contract.notification_preview"}
    assert [request() for _, request in requests] == [None] * 3


async def test_a_rejection_is_cached_by_the_values_of_the_directives():
    plans, document = PlanCache(schema), parse(PREVIEW)
    for _ in range(3):
        rejected_request(plans)

    entry, _ = find(plans, document, shown=False)
    rejected_request(plans)

    [operation] = plans._operations.values()
    assert operation.plans == [entry]
    assert [variables for variables, _ in operation._rejections] == [{"shown": True}]
