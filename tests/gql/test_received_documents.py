"""The authority's system polls what was sent to it: everything once, in order, whoever commits when."""

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
WAITING = "select count(*) as waiting from pg_locks where not granted and locktype = $1"


class Reader:
    """A system that polls and remembers how far it came."""

    def __init__(self, authority: Organisation) -> None:
        self._authority = authority
        self._cursor: str | None = None
        self.titles: list[str] = []

    async def poll(self) -> None:
        key = global_id("Organisation", self._authority.id)
        data: Any = await read(machine(self._authority), POLL, id=key, after=self._cursor)
        for edge in data["node"]["receivedDocuments"]["edges"]:
            self._cursor = edge["cursor"]
            self.titles.append(edge["node"]["title"])


async def a_reader(office: Office) -> Reader:
    return Reader(await Organisation.get(id=office.contract.contracting_authority_id))


async def a_draft(office: Office, title: str) -> Document:
    return await rows.a_document(office.contract, DocumentStatus.DRAFT, title=title)


async def sent(office: Office, draft: Document) -> Document:
    return await send_document(actor=office.sender, document_id=draft.id, version=1)


@asynccontextmanager
async def no_audit_rows() -> AsyncIterator[None]:
    """Holds up every act just before its end: each writes its audit row last."""
    holding = await asyncpg.connect(settings().owner_url)
    try:
        async with holding.transaction():
            await holding.execute("lock table audit_entry in share mode")
            yield
    finally:
        await holding.close()


async def waiting_for(kind: str) -> int:
    [found] = await connection().execute_query_dict(WAITING, [kind])
    return int(found["waiting"])


@pytest.mark.usefixtures("database")
async def test_one_that_is_sent_meanwhile_waits_for_its_place():
    office = await an_office()
    reader, first, second = await a_reader(office), await a_draft(office, "eerste"), await a_draft(office, "tweede")
    async with no_audit_rows():
        sending_first = asyncio.create_task(sent(office, first))
        await eventually(lambda: waiting_for("relation"))
        sending_second = asyncio.create_task(sent(office, second))
        await eventually(lambda: waiting_for("advisory"))
        await reader.poll()
        assert reader.titles == []
    await asyncio.gather(sending_first, sending_second)

    await reader.poll()

    assert reader.titles == ["eerste", "tweede"]


async def test_nothing_is_skipped_and_nothing_comes_twice_while_many_send(database: str):
    assert database
    office = await an_office()
    reader = await a_reader(office)
    drafts = [await a_draft(office, f"stuk {number}") for number in range(24)]

    sending = [asyncio.create_task(sent(office, draft)) for draft in drafts]
    while not all(task.done() for task in sending):
        await reader.poll()
    for _ in range(len(drafts)):
        await reader.poll()

    assert sorted(reader.titles) == sorted(draft.title for draft in drafts)
    positions = {title: place for place, title in enumerate(reader.titles, 1)}
    assert {row.title: row.sent_position for row in await Document.all()} == positions


async def test_it_never_learns_who_sent_them_nor_from_others(database: str):
    assert database
    office, other = await an_office(), await an_office()
    for each in (office, other):
        await sent(each, await a_draft(each, "stuk"))
    await a_draft(office, "ontwerp")
    authority = await Organisation.get(id=office.contract.contracting_authority_id)
    key = global_id("Organisation", authority.id)
    document = """query ($id: ID!) { node(id: $id) { ... on Organisation { receivedDocuments { totalCount
      edges { node { title sentBy { id } } } } } } }"""

    told = await read(machine(authority), document, id=key)
    stranger = await execute_operation(machine(await rows.an_authority()), document, id=key)
    sender = await execute_operation(office.sender, document, id=key)

    assert told["node"]["receivedDocuments"] == {
        "totalCount": 1,
        "edges": [{"node": {"title": "stuk", "sentBy": None}}],
    }
    assert [answer.data["node"]["receivedDocuments"] for answer in (stranger, sender)] == [None, None]
