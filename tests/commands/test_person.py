"""`econtracting person` and `econtracting keys`: numbers stand in no argument and no output."""

import base64

import pytest

from domain.models import User, WorkRelation
from domain.sealed_national_number import has_number
from tests import rows
from tests.commands.running import econtracting
from tests.conftest import Environment
from tests.domain.rules.erased_person import a_former_colleague, erase
from tests.rows.registers import a_registered_person
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("database")


async def test_a_person_is_renumbered():
    old, new = rows.a_national_number(), rows.a_national_number()
    user = await rows.a_user(national_number=old)
    await a_registered_person(new, given_name="Jo", family_name="Maes")

    done = await econtracting("person", "renumber", "--reason", "Tikfout", given=f"{old}\n{new}\n")

    assert (done.status, done.said, done.warned) == (0, "Renumbered: Jo Maes.\n", "")
    assert (await User.get(has_number(new))).id == user.id


async def test_two_people_become_one():
    old, new = rows.a_national_number(), rows.a_national_number()
    relation = await rows.a_work_relation(await rows.a_user(national_number=old))
    stays = await rows.a_user(national_number=new, given_name="Jo", family_name="Maes")

    done = await econtracting("person", "merge", "--reason", "Dubbel", given=f"{old}\n{new}\n")

    assert (done.status, done.said) == (0, "Merged: Jo Maes.\n")
    assert (await WorkRelation.get(id=relation.id)).user_id == stays.id


async def test_a_person_is_erased():
    former = await a_former_colleague()

    done = await econtracting("person", "erase", "--reason", "Op verzoek", given=f"{former.number}\n")

    assert (done.status, done.said, done.warned) == (0, "Erased.\n", "")
    assert (await User.get(id=former.user.id)).erased
    again = await econtracting("person", "erase", "--reason", "Op verzoek", given=f"{former.number}\n")
    assert (again.status, again.warned) == (1, "number: Nobody with this number is known here.\n")
    verified = await econtracting("audit", "verify")
    assert (verified.status, verified.warned) == (0, "")


async def test_what_stands_in_the_way_of_erasing_is_told_and_no_number():
    number = rows.a_national_number()
    organisation = await rows.an_organisation(name="Aannemer nv")
    await rows.a_mandate(user=await rows.a_user(national_number=number), organisation=organisation)
    async with assert_tables_unchanged():
        for given in (f"{number}\n", f"{number[:-1]}\n", ""):
            done = await econtracting("person", "erase", "--reason", "Op verzoek", given=given)
            assert done.status == (1 if given else 2)
            assert done.warned
            assert number[:-1] not in done.said + done.warned
    done = await econtracting("person", "erase", "--reason", "Op verzoek", given=f"{number}\n")
    assert done.warned.startswith("number: They have a mandate at Aannemer nv.")


async def test_refusals_repeat_no_number():
    old, new = rows.a_national_number(), rows.a_national_number()
    async with assert_tables_unchanged():
        for command in ("renumber", "merge"):
            for given in (f"{old}\n{new}\n", f"{old}\n{old[:-1]}\n", f"{old}\n"):
                done = await econtracting("person", command, "--reason", "Tikfout", given=given)
                assert done.status in {1, 2}
                assert done.warned
                assert [number for number in (old, new, old[:-1]) if number in done.said + done.warned] == []


async def test_keys_are_rotated(environment: Environment):
    number = rows.a_national_number()
    await erase((await a_former_colleague()).number)
    await rows.a_user(national_number=number)
    first, second, third, fourth = (base64.b64encode(bytes([one]) * 32).decode() for one in (1, 2, 33, 34))
    environment.set(NATIONAL_NUMBER_KEYS=f"{third},{first}", NATIONAL_NUMBER_INDEX_KEYS=f"{second},{fourth}")

    done = await econtracting("keys", "rotate")

    assert (done.status, done.warned) == (0, "")
    assert done.said.startswith("Renewed: 1 numbers, 0 personal keys.")
    environment.set(NATIONAL_NUMBER_KEYS=third, NATIONAL_NUMBER_INDEX_KEYS=fourth)
    assert await User.get(has_number(number))
