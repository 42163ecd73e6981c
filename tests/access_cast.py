"""An organisation with one person of each kind, and actors who have nothing to do with it.

A test module that uses the fixture `cast` imports `cast` and `prepared_databases`, or has a `conftest.py` that does.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from domain import visibility
from domain.actor import NOBODY, Actor
from domain.models import AccessMandate, AccessMandateKind, Contract, Organisation, Role, User, WorkRelation
from domain.standing import Standing
from domain.where import Where
from tests import rows
from tests.prepared_databases import PreparedDatabases

LEGAL, MAIN, LOCAL = AccessMandateKind
MANAGERS = ("legal", "main-manager", "manager")
EVERYONE = (*MANAGERS, "admin", "user", "outsider", "newcomer", "machine", "nobody")


@dataclass(frozen=True)
class Cast:
    """The organisation and everyone who may act.

    Attributes:
        organisation: The organisation.
        actors: The actors, by the names in `EVERYONE`.
        people: The persons among them, by name.
        relations: Their work relations with the organisation, by name, where they have one.
        mandates: Their mandates there, by name.
    """

    organisation: Organisation
    actors: dict[str, Actor]
    people: dict[str, User]
    relations: dict[str, WorkRelation]
    mandates: dict[str, AccessMandate]

    async def a_stranger(self) -> User:
        """A person whom the organisation has just added."""
        stranger = await rows.a_user(given_name="Bram", family_name="Claes")
        await rows.an_introduction(self.organisation, stranger)
        return stranger

    async def a_colleague(self, **columns: Any) -> WorkRelation:
        """A new person's work relation without a right; `columns` are the work relation's."""
        colleague = await rows.a_user(given_name="Sofie", family_name="De Smet")
        return await rows.a_work_relation(**{"user": colleague, "organisation": self.organisation} | columns)

    def actor_of(self, relation: WorkRelation) -> Actor:
        """The person of a work relation as an actor."""
        return Actor(user_id=relation.user_id)

    async def contracts_of(self, relation: WorkRelation) -> list[int]:
        """The contracts that the person of a work relation sees today."""
        standing = await Standing.of(self.actor_of(relation))
        seen = await Contract.filter(Where(visibility.contract, standing)).order_by("id")
        return [contract.id for contract in seen]


async def a_cast() -> Cast:
    """A new organisation with everyone; the outsider is access manager and ADMINISTRATOR of another one."""
    organisation, other = await rows.an_organisation(), await rows.an_organisation()
    authority = await rows.an_authority()
    await rows.a_contract(organisation, authority)
    names = [name for name in EVERYONE if name not in {"machine", "nobody"}]
    people = {name: await rows.a_user(family_name=name) for name in names}
    relations = {
        name: await rows.a_work_relation(people[name], organisation) for name in (*MANAGERS[1:], "admin", "user")
    }
    await rows.a_right(relations["admin"], Role.ADMINISTRATOR)
    await rows.a_right(relations["user"])
    mandates = {
        name: await rows.a_mandate(kind, people[name], organisation)
        for name, kind in zip(MANAGERS, (LEGAL, MAIN, LOCAL), strict=True)
    }
    await rows.a_right(await rows.a_work_relation(people["outsider"], other), Role.ADMINISTRATOR)
    await rows.a_mandate(MAIN, people["outsider"], other)
    actors = {name: Actor(user_id=one.id) for name, one in people.items()}
    actors |= {"machine": Actor(authority_id=authority.id, name="Systeem"), "nobody": NOBODY}
    return Cast(organisation, actors, people, relations, mandates)


async def _a_cast_and_the_last_serial() -> tuple[Cast, int]:
    return await a_cast(), rows.a_serial()


@pytest.fixture
async def cast(prepared_databases: PreparedDatabases) -> AsyncIterator[Cast]:
    """The cast, in a fresh database that is open for the models."""
    async with prepared_databases.open("cast", _a_cast_and_the_last_serial) as (new_cast, last):
        # Another process may have filled it: rows that this one adds must have other numbers.
        while rows.a_serial() < last:
            pass
        yield new_cast
