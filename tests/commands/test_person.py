"""`econtracting person` and `econtracting keys`: numbers stand in no argument and no output."""

import base64

import pytest

from domain.models import User, WorkRelation
from domain.sealed_national_number import held_by
from tests import rows
from tests.commands.running import econtracting
from tests.conftest import Environment
from tests.rows.registers import a_registered_person
from tests.tables import unchanged

pytestmark = pytest.mark.usefixtures("database")


async def test_a_person_is_renumbered():
    old, new = rows.a_national_number(), rows.a_national_number()
    user = await rows.a_user(national_number=old)
    await a_registered_person(new, given_name="Jo", family_name="Maes")

    done = await econtracting("person", "renumber", "--reason", "Tikfout", given=f"{old}\n{new}\n")

    assert (done.status, done.said, done.warned) == (0, "Renumbered: Jo Maes.\n", "")
    assert (await User.get(held_by(new))).id == user.id


async def test_two_people_become_one():
    old, new = rows.a_national_number(), rows.a_national_number()
    relation = await rows.a_work_relation(await rows.a_user(national_number=old))
    stays = await rows.a_user(national_number=new, given_name="Jo", family_name="Maes")

    done = await econtracting("person", "merge", "--reason", "Dubbel", given=f"{old}\n{new}\n")

    assert (done.status, done.said) == (0, "Merged: Jo Maes.\n")
    assert (await WorkRelation.get(id=relation.id)).user_id == stays.id


async def test_refusals_repeat_no_number():
    old, new = rows.a_national_number(), rows.a_national_number()
    async with unchanged():
        for command in ("renumber", "merge"):
            for given in (f"{old}\n{new}\n", f"{old}\n{old[:-1]}\n", f"{old}\n"):
                done = await econtracting("person", command, "--reason", "Tikfout", given=given)
                assert done.status in {1, 2}
                assert done.warned
                assert [number for number in (old, new, old[:-1]) if number in done.said + done.warned] == []


async def test_keys_are_rotated(environment: Environment):
    number = rows.a_national_number()
    await rows.a_user(national_number=number)
    first, second, third, fourth = (base64.b64encode(bytes([one]) * 32).decode() for one in (1, 2, 33, 34))
    environment.set(NATIONAL_NUMBER_KEYS=f"{third},{first}", NATIONAL_NUMBER_INDEX_KEYS=f"{second},{fourth}")

    done = await econtracting("keys", "rotate")

    assert (done.status, done.warned) == (0, "")
    assert done.said.startswith("Renewed: 1 numbers, 0 personal keys.")
    environment.set(NATIONAL_NUMBER_KEYS=third, NATIONAL_NUMBER_INDEX_KEYS=fourth)
    assert await User.get(held_by(number))
