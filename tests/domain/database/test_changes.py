"""The notifications of changes that the database sends: keys only, after the commit, in few messages."""

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

END_MARKER = "end"


class Listener:
    """Listens on the channel of changes and keeps the payloads."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self.payloads: list[str] = []
        self.lengths: list[int] = []

    def receive(self, payload: str) -> None:
        self.payloads.append(payload)
        self.lengths.append(len(payload))

    async def changes(self) -> list[Change]:
        """The changes since the last call. A marker of our own shows that no other message is on its way."""
        await self._connection.execute("select pg_notify($1, $2)", CHANNEL, END_MARKER)
        while END_MARKER not in self.payloads:
            await self._connection.execute("select 1")
        changes = [parse_change(payload) for payload in self.payloads if payload != END_MARKER]
        self.payloads.clear()
        return changes


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Listener]:
    connection = await asyncpg.connect(url)
    listener = Listener(connection)
    await connection.add_listener(CHANNEL, lambda *arguments: listener.receive(arguments[-1]))
    yield listener
    await connection.close()


async def test_a_change_of_an_action_is_published_for_its_contract(database: str):
    contract = await rows.a_contract()
    async with listening(database) as listener:
        action = await rows.an_action(contract)
        await Action.filter(id=action.id).update(version=2)

        assert await listener.changes() == [Change(Topic("Action", contract.id), [action.id])] * 2


async def test_a_change_that_is_rolled_back_is_not_published(database: str):
    contract = await rows.a_contract()
    async with listening(database) as listener:
        async with in_transaction() as transaction:
            await rows.an_action(contract)
            await transaction.rollback()

        assert await listener.changes() == []


async def test_changes_of_many_rows_are_published_in_few_messages_of_limited_length(database: str):
    contracts = [await rows.a_contract() for _ in range(2)]
    async with listening(database) as listener:
        for contract in contracts:
            await many_actions(contract, 500)
        await connection().execute_query("update action set version = version + 1")
        changes = await listener.changes()

    assert [len(change.keys) for change in changes] == [200, 200, 100] * 4
    assert {key for change in changes for key in change.keys} == set(await Action.all().values_list("id", flat=True))
    assert max(listener.lengths) < 8_000


async def many_actions(contract: Contract, count: int) -> None:
    await connection().execute_query(
        """insert into action (contract_id, contracting_authority_id, title, status, external_id, content_digest)
        select $1, $2, 'Veel', 'OPEN', gen_random_uuid(), decode(repeat('00', 32), 'hex')
        from generate_series(1, $3)""",
        [contract.id, contract.contracting_authority_id, count],
    )


async def test_a_notification_is_published_when_it_is_routed_and_when_a_mail_of_it_is_sent(database: str):
    notification = await rows.a_notification()
    routing = await rows.a_routing(notification)
    delivery = await rows.a_delivery(routing, "werf@aannemer.example")
    expected = Change(Topic("Notification", notification.organisation_id), [notification.id])
    async with listening(database) as listener:
        await Notification.filter(id=notification.id).update(attempt=1, leased_until=await rows.now())
        await Delivery.filter(id=delivery.id).update(status=DeliveryStatus.SENDING, attempts=1)
        assert await listener.changes() == []

        await Notification.filter(id=notification.id).update(status=NotificationStatus.ROUTED)
        assert await listener.changes() == [expected]

        await Delivery.filter(id=delivery.id).update(status=DeliveryStatus.SENT, sent_at=await rows.now())
        assert await listener.changes() == [expected]


async def test_the_end_of_a_session_is_published_and_its_use_is_not(database: str):
    session = await rows.a_session()
    async with listening(database) as listener:
        await Session.filter(id=session.id).update(last_seen_at=await rows.now())
        assert await listener.changes() == []

        await Session.filter(id=session.id).update(ended_at=await rows.now())
        assert await listener.changes() == [Change(Topic("Session", session.id), [session.id])]


async def test_changes_of_a_document_and_its_files_are_published_for_its_contract(database: str):
    contract = await rows.a_contract()
    async with listening(database) as listener:
        document = await rows.a_document(contract, DocumentStatus.DRAFT)
        expected = [Change(Topic("Document", contract.id), [document.id])]
        assert await listener.changes() == expected

        file = await rows.an_attachment(document)
        assert await listener.changes() == expected

        for columns in ({"arrived_at": await rows.now()}, {"removed_at": await rows.now()}):
            await Attachment.filter(id=file.id).update(**columns)
            assert await listener.changes() == expected

        # These columns are invisible to subscribers.
        await Attachment.filter(id=file.id).update(created_at=await rows.now(), storage_key="elders")
        await Document.filter(id=document.id).update(created_by=await rows.a_user())
        assert await listener.changes() == []

        await Document.filter(id=document.id).update(version=2)
        assert await listener.changes() == expected


async def test_a_received_message_is_published_for_its_contract(database: str):
    contract = await rows.a_contract()
    async with listening(database) as listener:
        message = await rows.a_message(contract)

        assert await listener.changes() == [Change(Topic("Message", contract.id), [message.id])]
