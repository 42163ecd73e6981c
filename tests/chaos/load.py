"""Events as an authority's system causes them, some of which are undone before they are committed."""

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

UNDONE: Final = "Teruggedraaid"
"""The title of every document whose delivery was undone."""
Done = TypeVar("Done")


class RolledBackError(Exception):
    """The mutation fails after everything was written."""


async def retry_until_done(act: Callable[[], Coroutine[Any, Any, Done]]) -> Done:
    """Does it again until the database answers; only for what may be done twice.

    Each time in a context of its own: see `workers.chores`.
    """
    while True:
        try:
            return await asyncio.create_task(act())
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, BaseORMException):
            await asyncio.sleep(0.1)


@dataclass
class Load:
    """What was committed, and how much was undone."""

    chance: random.Random
    authority: Actor = NOBODY
    contracts: list[Contract] = field(default_factory=list)
    committed: set[int] = field(default_factory=set)
    """The keys of the documents that were delivered."""
    undone: int = 0
    _serial: int = 0

    async def prepare(self, organisations: int) -> None:
        """Organisations, each with contracts that are mailed about at several levels."""
        awarding = await rows.an_authority()
        self.authority = Actor(authority_id=awarding.id, name="machine")
        for _ in range(organisations):
            organisation = await rows.an_organisation(email=_address("firma"))
            await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email=_address("beheer"))
            for own, groups in ((_address("werf"), 0), (None, 0), (None, 1), (None, 2)):
                contract = await rows.a_contract(organisation, contracting_authority=awarding, email=own)
                await _link(contract, organisation, groups)
                self.contracts.append(contract)

    async def deliver(self, events: int) -> None:
        """So many documents, and for each tenth one more that is undone."""
        for _ in range(events):
            self._serial += 1
            if self._serial % 10 == 0:
                await self._undo()
            title = f"Vorderingsstaat {self._serial}"
            document = await self._deliver(self.chance.choice(self.contracts), title)
            self.committed.add(document.id)

    async def _deliver(self, contract: Contract, title: str) -> Document:
        given = DeliveredDocument(f"VS-{self._serial}-{title}", "INVOICING", title)
        # The authority's system repeats what it got no answer to; the same id is delivered once.
        document, _ = await retry_until_done(
            lambda: deliver_document(actor=self.authority, contract_id=contract.id, delivered=given)
        )
        return document

    async def _undo(self) -> None:
        """Everything is written, the bell has rung, and then the transaction fails."""

        given = DeliveredDocument(f"VS-{self._serial}-{UNDONE}", "INVOICING", UNDONE)
        contract = self.chance.choice(self.contracts)

        async def undo() -> None:
            with suppress(RolledBackError):
                async with in_transaction(), _failing_in_the_end():
                    await deliver_document(actor=self.authority, contract_id=contract.id, delivered=given)

        await retry_until_done(undo)
        self.undone += 1


@asynccontextmanager
async def _failing_in_the_end() -> AsyncIterator[None]:
    yield
    raise RolledBackError


async def _link(contract: Contract, organisation: Organisation, groups: int) -> None:
    for _ in range(groups):
        group = await rows.a_group(organisation, email=_address("groep"), levels={"INVOICING": DocumentLevel.READ})
        await rows.a_link(contract, group)


def _address(name: str) -> str:
    return f"{name}-{rows.a_serial()}@werken.example"
