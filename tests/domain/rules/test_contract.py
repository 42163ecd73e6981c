"""Contracts that end while other operations on them are running."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import asyncpg
import pytest

from domain.actor import OPERATOR
from domain.models import AuditEntry, DocumentStatus
from domain.rules.assignment import assign_action
from domain.rules.contract import end_contract
from domain.rules.person_correction import merge_people
from domain.rules.upload import complete_upload
from settings import settings
from tests import rows
from tests.domain.rules.concurrency import wait_until_blocked
from tests.domain.rules.office import Office, an_office

pytestmark = pytest.mark.usefixtures("database", "environment")


async def _end_meanwhile(office: Office, lock: str, operation: Awaitable[Any]) -> list[str]:
    """Ends the contract while an operation on it waits for a lock; returns the audited actions in order."""
    connection = await asyncpg.connect(str(settings().database_url))
    try:
        async with connection.transaction():
            await connection.execute(lock)
            running = asyncio.ensure_future(operation)
            await wait_until_blocked(running)
            ending = asyncio.ensure_future(
                end_contract(actor=office.authority, contract_id=office.contract.id, reason="Opgeleverd")
            )
            await wait_until_blocked(running, ending)
        async with asyncio.timeout(60):
            await asyncio.gather(running, ending)
    finally:
        await connection.close()
    return [entry.action for entry in await AuditEntry.all().order_by("id")]


async def test_a_delivery_that_is_being_completed_is_received_before_the_contract_ends():
    office = await an_office()
    document = await rows.a_document(office.contract, DocumentStatus.EXPECTED)
    file = await rows.an_attachment(document, arrived_at=None)

    actions = await _end_meanwhile(
        office,
        "lock table notification in share mode",
        complete_upload(actor=office.authority, attachment_id=file.id, storage_key=file.storage_key),
    )

    assert actions == ["ATTACHMENT_ARRIVED", "DOCUMENT_DELIVERED", "CONTRACT_ENDED"]


async def test_an_action_that_is_being_assigned_is_assigned_before_the_contract_ends():
    office = await an_office()
    action = await rows.an_action(office.contract)
    drafter = office.drafter

    actions = await _end_meanwhile(
        office,
        "lock table assignment in share mode",
        assign_action(actor=drafter, action_id=action.id, version=1, user_id=drafter.user_id),
    )

    assert actions == ["ACTION_ASSIGNED", "CONTRACT_ENDED"]


async def test_a_contract_ends_while_people_with_a_document_and_an_action_on_it_are_merged():
    office = await an_office()
    numbers = {"old_number": rows.a_national_number(), "new_number": rows.a_national_number()}
    source, _ = [await rows.a_user(national_number=number) for number in numbers.values()]
    other_document = await rows.a_document(await rows.a_contract(), DocumentStatus.DRAFT, created_by=source)
    await rows.a_document(office.contract, DocumentStatus.DRAFT, created_by=source)
    await rows.an_action(office.contract, assignee=source)

    # The merge waits for a document of another contract, and holds its earlier locks.
    actions = await _end_meanwhile(
        office,
        f"select from document where id = {other_document.id} for update",
        merge_people(actor=OPERATOR, **numbers, reason="Dezelfde persoon"),
    )

    assert actions == ["CONTRACT_ENDED", "PEOPLE_MERGED"]
