"""`econtracting person` and `econtracting keys`: numbers are in no argument and no output."""

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

    result = await econtracting("person", "renumber", "--reason", "Tikfout", stdin=f"{old}\n{new}\n")

    assert (result.status, result.stdout, result.stderr) == (0, "Renumbered: Jo Maes.\n", "")
    assert (await User.get(has_number(new))).id == user.id


async def test_two_people_are_merged():
    old, new = rows.a_national_number(), rows.a_national_number()
    relation = await rows.a_work_relation(await rows.a_user(national_number=old))
    stays = await rows.a_user(national_number=new, given_name="Jo", family_name="Maes")

    result = await econtracting("person", "merge", "--reason", "Dubbel", stdin=f"{old}\n{new}\n")

    assert (result.status, result.stdout) == (0, "Merged: Jo Maes.\n")
    assert (await WorkRelation.get(id=relation.id)).user_id == stays.id


async def test_a_person_is_erased():
    former = await a_former_colleague()

    result = await econtracting("person", "erase", "--reason", "Op verzoek", stdin=f"{former.number}\n")

    assert (result.status, result.stdout, result.stderr) == (0, "Erased.\n", "")
    assert (await User.get(id=former.user.id)).erased
    again = await econtracting("person", "erase", "--reason", "Op verzoek", stdin=f"{former.number}\n")
    assert (again.status, again.stderr) == (1, "number: Nobody with this number is known here.\n")
    verified = await econtracting("audit", "verify")
    assert (verified.status, verified.stderr) == (0, "")


async def test_erasure_is_refused_with_a_reason_and_without_the_number():
    number = rows.a_national_number()
    organisation = await rows.an_organisation(name="Aannemer nv")
    await rows.a_mandate(user=await rows.a_user(national_number=number), organisation=organisation)
    async with assert_tables_unchanged():
        for stdin in (f"{number}\n", f"{number[:-1]}\n", ""):
            result = await econtracting("person", "erase", "--reason", "Op verzoek", stdin=stdin)
            assert result.status == (1 if stdin else 2)
            assert result.stderr
            assert number[:-1] not in result.stdout + result.stderr
    result = await econtracting("person", "erase", "--reason", "Op verzoek", stdin=f"{number}\n")
    assert result.stderr.startswith("number: They have a mandate at Aannemer nv.")


async def test_refusals_contain_no_number():
    old, new = rows.a_national_number(), rows.a_national_number()
    async with assert_tables_unchanged():
        for command in ("renumber", "merge"):
            for stdin in (f"{old}\n{new}\n", f"{old}\n{old[:-1]}\n", f"{old}\n"):
                result = await econtracting("person", command, "--reason", "Tikfout", stdin=stdin)
                assert result.status in {1, 2}
                assert result.stderr
                assert [number for number in (old, new, old[:-1]) if number in result.stdout + result.stderr] == []


async def test_keys_are_rotated(environment: Environment):
    number = rows.a_national_number()
    await erase((await a_former_colleague()).number)
    await rows.a_user(national_number=number)
    first, second, third, fourth = (base64.b64encode(bytes([one]) * 32).decode() for one in (1, 2, 33, 34))
    environment.set(NATIONAL_NUMBER_KEYS=f"{third},{first}", NATIONAL_NUMBER_INDEX_KEYS=f"{second},{fourth}")

    result = await econtracting("keys", "rotate")

    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.startswith("Renewed: 1 numbers, 0 personal keys.")
    environment.set(NATIONAL_NUMBER_KEYS=third, NATIONAL_NUMBER_INDEX_KEYS=fourth)
    assert await User.get(has_number(number))
