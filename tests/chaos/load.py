"""Deliveries by an authority's system, some of which are rolled back."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import asyncpg
from tortoise.exceptions import BaseORMException
from tortoise.transactions import in_transaction

from domain.actor import NOBODY, Actor
from domain.models import Contract, Document, DocumentLevel, Organisation, Role
from domain.rules.document import DeliveredDocument, deliver_document
from tests import rows

ROLLED_BACK: Final = "Teruggedraaid"
"""The title of every document whose delivery was rolled back."""
Result = TypeVar("Result")


class RolledBackError(Exception):
    """The transaction fails after everything was written."""


async def retry_until_done(operation: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Repeats an idempotent operation until the database is available, each time in a context of its own."""
    while True:
        try:
            return await asyncio.create_task(operation())
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, BaseORMException):
            await asyncio.sleep(0.1)


@dataclass
class Load:
    """The committed deliveries, and the number of those rolled back."""

    chance: random.Random
    authority: Actor = NOBODY
    contracts: list[Contract] = field(default_factory=list)
    committed: set[int] = field(default_factory=set)
    """The keys of the delivered documents."""
    rolled_back: int = 0
    _serial: int = 0

    async def prepare(self, organisations: int) -> None:
        """Creates organisations, each with contracts whose mails are routed to different levels."""
        authority = await rows.an_authority()
        self.authority = Actor(authority_id=authority.id, name="machine")
        for _ in range(organisations):
            organisation = await rows.an_organisation(email=_address("firma"))
            await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email=_address("beheer"))
            for email, groups in ((_address("werf"), 0), (None, 0), (None, 1), (None, 2)):
                contract = await rows.a_contract(organisation, contracting_authority=authority, email=email)
                await _link(contract, organisation, groups)
                self.contracts.append(contract)

    async def deliver(self, count: int) -> None:
        """Delivers so many documents, and for every tenth one more that is rolled back."""
        for _ in range(count):
            self._serial += 1
            if self._serial % 10 == 0:
                await self._deliver_and_roll_back()
            title = f"Vorderingsstaat {self._serial}"
            document = await self._deliver(self.chance.choice(self.contracts), title)
            self.committed.add(document.id)

    async def _deliver(self, contract: Contract, title: str) -> Document:
        delivery = DeliveredDocument(f"VS-{self._serial}-{title}", "INVOICING", title)
        # The authority's system repeats a delivery without a response; the same id is delivered once.
        document, _ = await retry_until_done(
            lambda: deliver_document(actor=self.authority, contract_id=contract.id, delivered=delivery)
        )
        return document

    async def _deliver_and_roll_back(self) -> None:
        """Everything is written and the doorbell has rung when the transaction fails."""
        delivery = DeliveredDocument(f"VS-{self._serial}-{ROLLED_BACK}", "INVOICING", ROLLED_BACK)
        contract = self.chance.choice(self.contracts)

        async def deliver_and_fail() -> None:
            with suppress(RolledBackError):
                async with in_transaction(), _failing_at_the_end():
                    await deliver_document(actor=self.authority, contract_id=contract.id, delivered=delivery)

        await retry_until_done(deliver_and_fail)
        self.rolled_back += 1


@asynccontextmanager
async def _failing_at_the_end() -> AsyncIterator[None]:
    yield
    raise RolledBackError


async def _link(contract: Contract, organisation: Organisation, groups: int) -> None:
    for _ in range(groups):
        group = await rows.a_group(organisation, email=_address("groep"), levels={"INVOICING": DocumentLevel.READ})
        await rows.a_link(contract, group)


def _address(name: str) -> str:
    return f"{name}-{rows.a_serial()}@werken.example"
