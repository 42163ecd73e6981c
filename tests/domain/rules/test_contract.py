"""Contracts that are ended while somebody works on them."""

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
from tests.domain.rules.concurrency import until_waiting
from tests.domain.rules.office import Office, an_office

pytestmark = pytest.mark.usefixtures("database", "environment")


async def _while_it_ends(office: Office, held: str, act: Awaitable[Any]) -> list[str]:
    """What the audit log tells in its order, when the contract is ended while an act waits for a lock."""
    other = await asyncpg.connect(str(settings().database_url))
    try:
        async with other.transaction():
            await other.execute(held)
            acting = asyncio.ensure_future(act)
            await until_waiting(acting)
            ending = asyncio.ensure_future(
                end_contract(actor=office.authority, contract_id=office.contract.id, reason="Opgeleverd")
            )
            await until_waiting(acting, ending)
        async with asyncio.timeout(60):
            await asyncio.gather(acting, ending)
    finally:
        await other.close()
    return [entry.action for entry in await AuditEntry.all().order_by("id")]


async def test_a_delivery_whose_last_file_is_arriving_is_received_before_its_contract_ends():
    office = await an_office()
    document = await rows.a_document(office.contract, DocumentStatus.EXPECTED)
    file = await rows.an_attachment(document, arrived_at=None)

    told = await _while_it_ends(
        office,
        "lock table notification in share mode",
        complete_upload(actor=office.authority, attachment_id=file.id, storage_key=file.storage_key),
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


async def test_a_contract_ends_while_two_people_are_made_one_who_drew_up_a_document_and_have_an_action_on_it():
    office = await an_office()
    numbers = {"old_number": rows.a_national_number(), "new_number": rows.a_national_number()}
    gone, _ = [await rows.a_user(national_number=number) for number in numbers.values()]
    elsewhere = await rows.a_document(await rows.a_contract(), DocumentStatus.DRAFT, created_by=gone)
    await rows.a_document(office.contract, DocumentStatus.DRAFT, created_by=gone)
    await rows.an_action(office.contract, assignee=gone)

    # The merge waits for a document of another contract, with what it holds until then.
    told = await _while_it_ends(
        office,
        f"select from document where id = {elsewhere.id} for update",
        merge_people(actor=OPERATOR, **numbers, reason="Dezelfde persoon"),
    )

    assert told == ["CONTRACT_ENDED", "PEOPLE_MERGED"]
