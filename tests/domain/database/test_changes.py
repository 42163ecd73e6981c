"""What the database tells of changes: keys only, once they are committed, in few messages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from tortoise.transactions import in_transaction

from domain.database.changes import CHANNEL, Change, Topic, parse_change
from domain.database.connection import database as connection
from domain.models import (
    Action,
    Attachment,
    Contract,
    Delivery,
    DeliveryStatus,
    Document,
    DocumentStatus,
    Notification,
    NotificationStatus,
    Session,
)
from tests import rows

MARKER = "over"


class Heard:
    """What was told so far."""

    def __init__(self, listening: asyncpg.Connection) -> None:
        self._listening = listening
        self.payloads: list[str] = []
        self.lengths: list[int] = []

    def hear(self, payload: str) -> None:
        self.payloads.append(payload)
        self.lengths.append(len(payload))

    async def changes(self) -> list[Change]:
        """All that was told until now; one more message tells that nothing else is on its way."""
        await self._listening.execute("select pg_notify($1, $2)", CHANNEL, MARKER)
        while MARKER not in self.payloads:
            await self._listening.execute("select 1")
        told = [parse_change(payload) for payload in self.payloads if payload != MARKER]
        self.payloads.clear()
        return told


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Heard]:
    opened = await asyncpg.connect(url)
    heard = Heard(opened)
    await opened.add_listener(CHANNEL, lambda *told: heard.hear(told[-1]))
    yield heard
    await opened.close()


async def test_an_action_is_told_by_its_contract(database: str):
    contract = await rows.a_contract()
    async with listening(database) as heard:
        action = await rows.an_action(contract)
        await Action.filter(id=action.id).update(version=2)

        assert await heard.changes() == [Change(Topic("Action", contract.id), [action.id])] * 2


async def test_what_is_undone_is_not_told(database: str):
    contract = await rows.a_contract()
    async with listening(database) as heard:
        async with in_transaction() as transaction:
            await rows.an_action(contract)
            await transaction.rollback()

        assert await heard.changes() == []


async def test_many_rows_are_told_in_few_messages_short_enough(database: str):
    contracts = [await rows.a_contract() for _ in range(2)]
    async with listening(database) as heard:
        for contract in contracts:
            await many_actions(contract, 500)
        await connection().execute_query("update action set version = version + 1")
        told = await heard.changes()

    assert [len(change.keys) for change in told] == [200, 200, 100] * 4
    assert {key for change in told for key in change.keys} == set(await Action.all().values_list("id", flat=True))
    assert max(heard.lengths) < 8_000


async def many_actions(contract: Contract, number: int) -> None:
    await connection().execute_query(
        """insert into action (contract_id, contracting_authority_id, title, status, external_id, content_digest)
        select $1, $2, 'Veel', 'OPEN', gen_random_uuid(), decode(repeat('00', 32), 'hex')
        from generate_series(1, $3)""",
        [contract.id, contract.contracting_authority_id, number],
    )


async def test_notifications_are_told_when_they_are_routed_and_their_mails_when_they_are_done(database: str):
    notification = await rows.a_notification()
    routing = await rows.a_routing(notification)
    delivery = await rows.a_delivery(routing, "werf@aannemer.example")
    expected = Change(Topic("Notification", notification.organisation_id), [notification.id])
    async with listening(database) as heard:
        await Notification.filter(id=notification.id).update(attempt=1, leased_until=await rows.now())
        await Delivery.filter(id=delivery.id).update(status=DeliveryStatus.SENDING, attempts=1)
        assert await heard.changes() == []

        await Notification.filter(id=notification.id).update(status=NotificationStatus.ROUTED)
        assert await heard.changes() == [expected]

        await Delivery.filter(id=delivery.id).update(status=DeliveryStatus.SENT, sent_at=await rows.now())
        assert await heard.changes() == [expected]


async def test_a_sign_out_is_told_and_the_use_of_a_session_is_not(database: str):
    session = await rows.a_session()
    async with listening(database) as heard:
        await Session.filter(id=session.id).update(last_seen_at=await rows.now())
        assert await heard.changes() == []

        await Session.filter(id=session.id).update(ended_at=await rows.now())
        assert await heard.changes() == [Change(Topic("Session", session.id), [session.id])]


async def test_a_document_is_told_with_its_files_by_its_contract(database: str):
    contract = await rows.a_contract()
    async with listening(database) as heard:
        document = await rows.a_document(contract, DocumentStatus.DRAFT)
        told = [Change(Topic("Document", contract.id), [document.id])]
        assert await heard.changes() == told

        file = await rows.an_attachment(document)
        assert await heard.changes() == told

        for columns in ({"arrived_at": await rows.now()}, {"removed_at": await rows.now()}):
            await Attachment.filter(id=file.id).update(**columns)
            assert await heard.changes() == told

        # Announced once more, or named otherwise in the store: nothing that anybody sees.
        await Attachment.filter(id=file.id).update(created_at=await rows.now(), storage_key="elders")
        await Document.filter(id=document.id).update(created_by=await rows.a_user())
        assert await heard.changes() == []

        await Document.filter(id=document.id).update(version=2)
        assert await heard.changes() == told


async def test_a_message_is_told_by_its_contract_when_it_arrives(database: str):
    contract = await rows.a_contract()
    async with listening(database) as heard:
        message = await rows.a_message(contract)

        assert await heard.changes() == [Change(Topic("Message", contract.id), [message.id])]
