"""The caches of operations and plans are bounded, however many documents come."""

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
from gql.schema import KNOWN_DOCUMENTS, schema
from tests import rows
from tests.gql.execution import REQUEST_ID, person

pytestmark = pytest.mark.usefixtures("database", "enabled_engine")
MANY = max(operation_cache.MAX_OPERATIONS, plan_cache.MAX_OPERATIONS, KNOWN_DOCUMENTS) + 44
ASKER = Standing(1, acts_for=[1], administers=[1])
OF_ONE = 10
"""Objects that may be left of a document when as many others have come since; one that is kept has many times that."""


async def ask_all(user_id: int, first: int) -> int:
    """Asks documents that differ, each so often that it is compiled and cached; gives the objects in use after."""
    for number in range(first, first + MANY):
        for _ in range(3):
            context = Context(actor=person(user_id), language="nl", request_id=REQUEST_ID)
            document = f"query Number{number} {{ viewer {{ user {{ a{number}: givenName }} }} }}"
            assert (await schema.execute(document, context_value=context)).errors is None
    gc.collect()
    return sys.getallocatedblocks()


async def test_documents_that_differ_leave_nothing_behind():
    user = await rows.a_user()
    before = await ask_all(user.id, 0)

    after = await ask_all(user.id, MANY)

    assert after - before < MANY * OF_ONE


PREVIEW = """query Preview($id: ID!, $shown: Boolean!) { node(id: $id) { ... on Contract {
  number notificationPreview(trigger: MESSAGE_RECEIVED) @include(if: $shown) { subject }
} } }"""
"""Asks a function, which the engine leaves to the executor, if `shown`."""


def find(plans: PlanCache, document: DocumentNode, *, shown: bool) -> tuple[PlanEntry, list[Any]]:
    return plans.find((PREVIEW, None, "nl"), document, {"id": global_id("Contract", 1), "shown": shown}, ASKER)


def left(plans: PlanCache) -> "tuple[str, ref[DocumentNode]]":
    """Why there is no plan for a request, and what tells whether anything of it is still there."""
    document = parse(PREVIEW)
    with pytest.raises(Fallback) as refused:
        find(plans, document, shown=True)
    return refused.value.reason, ref(document)


async def test_what_has_no_plan_holds_on_to_no_request_for_it():
    plans = PlanCache(schema)
    # Seen for the first time, and then kept as what was read of it.
    assert [left(plans)[0] for _ in range(2)] == ["first sight", "Contract.notification_preview"]

    requests = [left(plans) for _ in range(3)]
    gc.collect()

    assert {reason for reason, _ in requests} == {"Contract.notification_preview"}
    assert [request() for _, request in requests] == [None] * 3


async def test_why_there_is_no_plan_is_found_out_once_for_what_the_directives_say():
    plans, document = PlanCache(schema), parse(PREVIEW)
    for _ in range(3):
        left(plans)

    entry, _ = find(plans, document, shown=False)
    left(plans)

    [operation] = plans._operations.values()
    assert operation.plans == [entry]
    assert [variables for variables, _ in operation._rejections] == [{"shown": True}]
