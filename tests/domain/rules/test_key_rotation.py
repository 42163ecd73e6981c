"""Keys are rotated while the program serves: at every step old and new processes find every person."""

import asyncio
import base64

import pytest

from domain.actor import OPERATOR
from domain.database.connection import database
from domain.models import AuditEntry, PersonalKey, RegisteredPersonRow, User
from domain.national_number import masked
from domain.personal_values import sealed_value
from domain.rules.key_rotation import BATCH, RotatedKeys, rotate_keys
from domain.sealed_national_number import has_number, unsealed_number
from domain.sealing import SealingError
from tests import rows
from tests.conftest import Environment
from tests.rows.registers import a_registered_person

pytestmark = pytest.mark.usefixtures("database")
NUMBER = "85073003328"


def key(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


OLD, BOTH, NEW = (key(1), key(2)), (f"{key(11)},{key(1)}", f"{key(2)},{key(12)}"), (key(11), key(12))


def use(environment: Environment, keys: tuple[str, str]) -> None:
    environment.set(NATIONAL_NUMBER_KEYS=keys[0], NATIONAL_NUMBER_INDEX_KEYS=keys[1])


async def check_person_is_found() -> None:
    user, known = await User.get(has_number(NUMBER)), await RegisteredPersonRow.get(has_number(NUMBER))
    assert masked(unsealed_number(user)) == masked(unsealed_number(known)) == "85.07.30-***.**"


async def audited_actions() -> list[str]:
    return [entry.action for entry in await AuditEntry.filter(actor_name="operator").order_by("id")]


async def test_a_person_is_found_at_every_step_of_the_rotation(environment: Environment):
    user = await rows.a_user(national_number=NUMBER)
    await a_registered_person(NUMBER)
    value = await sealed_value(database(), user.id, "an@aannemer.example")
    assert value

    # First every process knows the new keys, so that each can unseal what the others seal.
    use(environment, (f"{key(1)},{key(11)}", f"{key(2)},{key(12)}"))
    await check_person_is_found()
    use(environment, BOTH)
    await check_person_is_found()
    assert await rotate_keys(actor=OPERATOR) == RotatedKeys(2, 1)
    await check_person_is_found()
    assert await rotate_keys(actor=OPERATOR) == RotatedKeys(0, 0)
    # A process that has not been restarted yet finds people by the old index.
    use(environment, (f"{key(1)},{key(11)}", key(2)))
    await check_person_is_found()

    use(environment, NEW)
    await check_person_is_found()
    assert await rotate_keys(actor=OPERATOR) == RotatedKeys(2, 0)
    await check_person_is_found()
    row = await User.get(id=user.id)
    assert row.national_number_next_index is None
    # A process that still has both pairs of keys finds everyone after the last step.
    use(environment, BOTH)
    await check_person_is_found()

    # Sealed values in the audit log stay readable, and the old keys unseal nothing any more.
    use(environment, NEW)
    sealed_again = await sealed_value(database(), user.id, "an@aannemer.example")
    assert sealed_again
    assert await PersonalKey.all().count() == 1
    use(environment, OLD)
    with pytest.raises(SealingError):
        unsealed_number(await User.get(id=user.id))
    assert await audited_actions() == ["KEY_ROTATION_BEGAN", "KEYS_ROTATED"] * 3


async def test_the_rotation_fails_when_a_key_that_is_still_needed_is_missing(environment: Environment):
    await rows.a_user()
    use(environment, NEW)
    with pytest.raises(SealingError):
        await rotate_keys(actor=OPERATOR)


async def test_an_aborted_rotation_is_audited_as_begun(environment: Environment):
    user = await rows.a_user(national_number=NUMBER)
    # The table of the register is rotated after the people, and one of its numbers can't be unsealed.
    use(environment, (key(13), BOTH[1]))
    await a_registered_person()
    use(environment, BOTH)
    sealed = (await User.get(id=user.id)).national_number_sealed

    with pytest.raises(SealingError):
        await rotate_keys(actor=OPERATOR)

    assert (await User.get(id=user.id)).national_number_sealed != sealed
    assert await audited_actions() == ["KEY_ROTATION_BEGAN"]


async def test_people_are_added_and_found_during_a_rotation(environment: Environment):
    numbers = [rows.a_national_number() for _ in range(BATCH + 50)]
    for number in numbers:
        await rows.a_user(national_number=number)
    use(environment, BOTH)
    added: list[str] = []

    async def serve() -> None:
        for number in numbers[::10]:
            assert await User.get(has_number(number))
            added.append(rows.a_national_number())
            await rows.a_user(national_number=added[-1])

    rotated, _ = await asyncio.gather(rotate_keys(actor=OPERATOR), serve())

    assert rotated.people == len(numbers)
    assert (await rotate_keys(actor=OPERATOR)).people == 0
    use(environment, NEW)
    for number in (*numbers[::25], *added):
        assert await User.filter(has_number(number)).count() == 1
