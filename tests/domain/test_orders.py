"""Every order of a connection can be read from an index, in both directions."""

import orjson
import pytest
from tortoise.transactions import in_transaction

ORDERS = [
    ("contract", "t.organisation_id = 1", "t.published_at"),
    ("contract", "t.organisation_id = 1", "lower(t.title)"),
    ("contract", "t.organisation_id = 1", "lower(t.number)"),
    ("contract", "t.organisation_id = 1", "lower(coalesce(t.own_reference, ''))"),
    ("contract", "t.contracting_authority_id = 1", "t.published_at"),
    ("contract", "t.contracting_authority_id = 1", "lower(t.title)"),
    ("contract", "t.contracting_authority_id = 1", "lower(t.number)"),
    ("access_group", "t.organisation_id = 1", "t.name_key"),
    ("membership", "t.group_id = 1 and t.ended_at is null", None),
    ("membership", "t.group_link_id = 1 and t.ended_at is null", None),
    ("membership", "t.work_relation_id = 1 and t.ended_at is null", None),
    ("self_registration", "t.organisation_id = 1 and t.status = 'OPEN'", "t.created_at"),
    ("document", "t.contract_id = 1", "t.created_at"),
    ("document", "t.contracting_authority_id = 1", "t.sent_position"),
    ("message", "t.contract_id = 1", "t.received_at"),
    ("action", "t.contract_id = 1", "t.created_at"),
    ("notification", "t.organisation_id = 1", "t.occurred_at"),
    ("notification", "t.contract_id = 1", "t.occurred_at"),
    ("audit_entry", "t.organisation_id = 1", "t.at"),
]


@pytest.mark.usefixtures("database")
async def test_no_order_needs_sorting():
    sorted_orders = [
        (table, order_by)
        for table, condition, order in ORDERS
        for direction in ("asc", "desc")
        for order_by in [_order_by(order, direction)]
        if "Sort" in await _plan(f'select t.id from "{table}" t where {condition} order by {order_by} limit 51')
    ]
    assert sorted_orders == []


def _order_by(order: str | None, direction: str) -> str:
    keys = [order] if order == "t.sent_position" else [order, "t.id"]
    return ", ".join(f"{key} {direction}" for key in keys if key)


async def _plan(statement: str) -> str:
    async with in_transaction() as transaction:
        # On empty tables every plan is cheap: this leaves the planner no other than an index scan, if there is one.
        await transaction.execute_script("set local enable_sort = off; set local enable_bitmapscan = off")
        [row] = await transaction.execute_query_dict(f"explain (format json) {statement}")
    return orjson.dumps(row["QUERY PLAN"]).decode()
