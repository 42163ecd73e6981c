"""Personal values in the audit log: unreadable in the row, unsealed with the person's key, lost with the key."""

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


async def unseal(value: dict[str, Any] | None) -> str:
    """Unseals a value with the key of the person that it names."""
    assert value is not None
    row = await PersonalKey.get(user_id=value["person"])
    key = base64.b64decode(sealing().unseal(row.sealed_key, KEY_PURPOSE))
    return Sealing([key], [key]).unseal(base64.b64decode(value["sealed"]), VALUE_PURPOSE)


async def seal(person: User, value: str | None = EMAIL) -> dict[str, Any] | None:
    return await sealed_value(database(), person.id, value)


async def test_a_value_is_unreadable_until_it_is_unsealed_with_the_persons_key():
    person = await rows.a_user()

    value = await seal(person)

    assert value is not None
    assert value["person"] == person.id
    assert EMAIL not in json.dumps(value)
    assert EMAIL.encode() not in base64.b64decode(value["sealed"])
    assert await unseal(value) == EMAIL


async def test_none_is_not_sealed_and_creates_no_key():
    person = await rows.a_user()
    assert await seal(person, None) is None
    assert not await PersonalKey.exists()


async def test_the_same_value_is_sealed_with_one_key_to_different_bytes():
    person = await rows.a_user()
    values = [await seal(person) for _ in range(3)]
    assert await PersonalKey.filter(user=person).count() == 1
    assert len({value["sealed"] for value in values if value}) == 3


async def test_the_key_of_one_person_does_not_unseal_the_value_of_another():
    first, second = await seal(await rows.a_user()), await seal(await rows.a_user())
    assert first is not None
    assert second is not None
    with pytest.raises(SealingError):
        await unseal({"sealed": first["sealed"], "person": second["person"]})


async def test_a_value_is_lost_when_the_key_is_destroyed():
    person = await rows.a_user()
    value = await seal(person)
    assert value is not None
    await PersonalKey.filter(user=person).delete()

    # A new value gets a new key, which does not unseal older values.
    assert await unseal(await seal(person)) == EMAIL
    with pytest.raises(SealingError):
        await unseal(value)


async def test_the_key_itself_is_sealed():
    person = await rows.a_user()
    await seal(person)
    row = await PersonalKey.get(user=person)
    key = sealing().unseal(row.sealed_key, KEY_PURPOSE)
    assert key.encode() not in row.sealed_key
    assert base64.b64decode(key) not in row.sealed_key
    with pytest.raises(SealingError):
        sealing().unseal(row.sealed_key, "person.national_number")


async def test_concurrent_transactions_create_one_key():
    person = await rows.a_user()

    async def seal_in_transaction(number: int) -> dict[str, Any] | None:
        async with in_transaction() as transaction:
            return await sealed_value(transaction, person.id, f"bram-{number}@aannemer.example")

    values = await asyncio.gather(*(seal_in_transaction(number) for number in range(4)))

    assert await PersonalKey.filter(user=person).count() == 1
    assert [await unseal(value) for value in values] == [f"bram-{number}@aannemer.example" for number in range(4)]
