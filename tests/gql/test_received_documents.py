"""An authority's system polls the documents sent to it: each once and in order, whatever the order of commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from domain.database.connection import database as connection
from domain.models import Document, DocumentStatus, Organisation
from domain.rules.document_sending import send_document
from gql.reading.ids import global_id
from settings import settings
from tests import rows
from tests.domain.rules.office import Office, an_office
from tests.gql.execution import execute_operation, machine, read
from tests.workers.events import eventually

pytestmark = pytest.mark.usefixtures("environment")

POLL = """query ($id: ID!, $after: String) { node(id: $id) { ... on Organisation {
  receivedDocuments(first: 3, after: $after) { edges { cursor node { title } } } } } }"""
LOCK_WAITERS = "select count(*) as waiting from pg_locks where not granted and locktype = $1"


class PollingSystem:
    """An authority's system that polls and keeps its cursor."""

    def __init__(self, authority: Organisation) -> None:
        self._authority = authority
        self._cursor: str | None = None
        self.titles: list[str] = []

    async def poll(self) -> None:
        organisation_id = global_id("Organisation", self._authority.id)
        data: Any = await read(machine(self._authority), POLL, id=organisation_id, after=self._cursor)
        for edge in data["node"]["receivedDocuments"]["edges"]:
            self._cursor = edge["cursor"]
            self.titles.append(edge["node"]["title"])


async def a_polling_system(office: Office) -> PollingSystem:
    return PollingSystem(await Organisation.get(id=office.contract.contracting_authority_id))


async def a_draft(office: Office, title: str) -> Document:
    return await rows.a_document(office.contract, DocumentStatus.DRAFT, title=title)


async def send(office: Office, draft: Document) -> Document:
    return await send_document(actor=office.sender, document_id=draft.id, version=1)


@asynccontextmanager
async def audit_log_locked() -> AsyncIterator[None]:
    """Blocks every transaction just before its commit: its audit entry is written last."""
    blocking = await asyncpg.connect(settings().owner_url)
    try:
        async with blocking.transaction():
            await blocking.execute("lock table audit_entry in share mode")
            yield
    finally:
        await blocking.close()


async def lock_waiters(kind: str) -> int:
    [row] = await connection().execute_query_dict(LOCK_WAITERS, [kind])
    return int(row["waiting"])


@pytest.mark.usefixtures("database")
async def test_a_document_sent_during_another_transaction_gets_the_next_position():
    office = await an_office()
    system = await a_polling_system(office)
    first, second = await a_draft(office, "eerste"), await a_draft(office, "tweede")
    async with audit_log_locked():
        sending_first = asyncio.create_task(send(office, first))
        await eventually(lambda: lock_waiters("relation"))
        sending_second = asyncio.create_task(send(office, second))
        await eventually(lambda: lock_waiters("advisory"))
        await system.poll()
        assert system.titles == []
    await asyncio.gather(sending_first, sending_second)

    await system.poll()

    assert system.titles == ["eerste", "tweede"]


async def test_polling_during_many_transactions_skips_and_repeats_nothing(database: str):
    assert database
    office = await an_office()
    system = await a_polling_system(office)
    drafts = [await a_draft(office, f"stuk {number}") for number in range(24)]

    sending = [asyncio.create_task(send(office, draft)) for draft in drafts]
    while not all(task.done() for task in sending):
        await system.poll()
    for _ in range(len(drafts)):
        await system.poll()

    assert sorted(system.titles) == sorted(draft.title for draft in drafts)
    positions = {title: position for position, title in enumerate(system.titles, 1)}
    assert {row.title: row.sent_position for row in await Document.all()} == positions


async def test_only_the_authority_reads_its_received_documents_and_never_who_sent_them(database: str):
    assert database
    office, other_office = await an_office(), await an_office()
    for sending_office in (office, other_office):
        await send(sending_office, await a_draft(sending_office, "stuk"))
    await a_draft(office, "ontwerp")
    authority = await Organisation.get(id=office.contract.contracting_authority_id)
    authority_id = global_id("Organisation", authority.id)
    document = """query ($id: ID!) { node(id: $id) { ... on Organisation { receivedDocuments { totalCount
      edges { node { title sentBy { id } } } } } } }"""

    data = await read(machine(authority), document, id=authority_id)
    other_authority = await execute_operation(machine(await rows.an_authority()), document, id=authority_id)
    sender = await execute_operation(office.sender, document, id=authority_id)

    assert data["node"]["receivedDocuments"] == {
        "totalCount": 1,
        "edges": [{"node": {"title": "stuk", "sentBy": None}}],
    }
    assert [result.data["node"]["receivedDocuments"] for result in (other_authority, sender)] == [None, None]
