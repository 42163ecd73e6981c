"""Contracts that are ended while somebody works on them."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import asyncpg
import pytest

from domain.database.connection import database
from domain.models import AuditEntry, DocumentStatus
from domain.rules.assignment import assign_action
from domain.rules.contract import end_contract
from domain.rules.upload import keep_upload
from settings import settings
from tests import rows
from tests.domain.rules.office import Office, an_office

pytestmark = pytest.mark.usefixtures("database", "environment")


async def _while_it_ends(office: Office, held: str, act: Awaitable[Any]) -> list[str]:
    """What the audit log tells in its order, when the contract is ended while an act waits for a lock."""
    other = await asyncpg.connect(str(settings().database_url))
    try:
        async with other.transaction():
            await other.execute(held)
            acting = asyncio.ensure_future(act)
            await _until_waiting(acting)
            ending = asyncio.ensure_future(
                end_contract(actor=office.authority, contract_id=office.contract.id, reason="Opgeleverd")
            )
            await _until_waiting(acting, ending)
        async with asyncio.timeout(60):
            await asyncio.gather(acting, ending)
    finally:
        await other.close()
    return [entry.action for entry in await AuditEntry.all().order_by("id")]


async def _until_waiting(*running: asyncio.Future[Any]) -> None:
    waiting = """select count(*) as number from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'"""
    async with asyncio.timeout(60):
        while (await database().execute_query_dict(waiting))[0]["number"] < sum(not each.done() for each in running):  # noqa: ASYNC110  # another process answers
            await asyncio.sleep(0.01)


async def test_a_delivery_whose_last_file_is_arriving_is_received_before_its_contract_ends():
    office = await an_office()
    document = await rows.a_document(office.contract, DocumentStatus.EXPECTED)
    file = await rows.an_attachment(document, arrived_at=None)

    told = await _while_it_ends(
        office,
        "lock table notification in share mode",
        keep_upload(actor=office.authority, attachment_id=file.id, storage_key=file.storage_key),
    )

    assert told == ["ATTACHMENT_ARRIVED", "DOCUMENT_DELIVERED", "CONTRACT_ENDED"]


async def test_an_action_that_is_being_taken_is_taken_before_its_contract_ends():
    office = await an_office()
    action = await rows.an_action(office.contract)
    drafter = office.drafter

    told = await _while_it_ends(
        office,
        "lock table assignment in share mode",
        assign_action(actor=drafter, action_id=action.id, version=1, user_id=drafter.user_id),
    )

    assert told == ["ACTION_ASSIGNED", "CONTRACT_ENDED"]
