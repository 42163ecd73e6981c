"""Values of a person in the audit log: unreadable in the row, opened with the person's key, gone with it."""

import asyncio
import base64
import json
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from domain.database.connection import database
from domain.models import PersonalKey, User
from domain.personal_values import KEY_PURPOSE, VALUE_PURPOSE, sealed_value
from domain.sealing import Sealing, SealingError, sealing
from tests import rows

pytestmark = pytest.mark.usefixtures("database")
EMAIL = "bram.claes@aannemer.example"


async def opened(value: dict[str, Any] | None) -> str:
    """What is in a sealed value, by the key of the person that it names."""
    assert value is not None
    row = await PersonalKey.get(user_id=value["person"])
    key = base64.b64decode(sealing().unseal(row.sealed_key, KEY_PURPOSE))
    return Sealing([key], [key]).unseal(base64.b64decode(value["sealed"]), VALUE_PURPOSE)


async def sealed(person: User, value: str | None = EMAIL) -> dict[str, Any] | None:
    return await sealed_value(database(), person.id, value)


async def test_a_value_is_unreadable_until_it_is_opened_with_the_persons_key():
    person = await rows.a_user()

    value = await sealed(person)

    assert value is not None
    assert value["person"] == person.id
    assert EMAIL not in json.dumps(value)
    assert EMAIL.encode() not in base64.b64decode(value["sealed"])
    assert await opened(value) == EMAIL


async def test_nothing_is_sealed_of_nothing():
    person = await rows.a_user()
    assert await sealed(person, None) is None
    assert not await PersonalKey.exists()


async def test_a_person_has_one_key_and_every_value_its_own_bytes():
    person = await rows.a_user()
    values = [await sealed(person) for _ in range(3)]
    assert await PersonalKey.filter(user=person).count() == 1
    assert len({value["sealed"] for value in values if value}) == 3


async def test_the_key_of_one_person_opens_nothing_of_another():
    mine, other = await sealed(await rows.a_user()), await sealed(await rows.a_user())
    assert mine is not None
    assert other is not None
    with pytest.raises(SealingError):
        await opened({"sealed": mine["sealed"], "person": other["person"]})


async def test_the_value_is_gone_when_the_key_is_destroyed():
    person = await rows.a_user()
    value = await sealed(person)
    assert value is not None
    await PersonalKey.filter(user=person).delete()

    # A new value makes a new key, which opens nothing that was sealed before.
    assert await opened(await sealed(person)) == EMAIL
    with pytest.raises(SealingError):
        await opened(value)


async def test_the_key_itself_is_sealed():
    person = await rows.a_user()
    await sealed(person)
    row = await PersonalKey.get(user=person)
    key = sealing().unseal(row.sealed_key, KEY_PURPOSE)
    assert key.encode() not in row.sealed_key
    assert base64.b64decode(key) not in row.sealed_key
    with pytest.raises(SealingError):
        sealing().unseal(row.sealed_key, "person.national_number")


async def test_two_acts_at_once_make_one_key():
    person = await rows.a_user()

    async def act(number: int) -> dict[str, Any] | None:
        async with in_transaction() as transaction:
            return await sealed_value(transaction, person.id, f"bram-{number}@aannemer.example")

    values = await asyncio.gather(*(act(number) for number in range(4)))

    assert await PersonalKey.filter(user=person).count() == 1
    assert [await opened(value) for value in values] == [f"bram-{number}@aannemer.example" for number in range(4)]
