"""`econtracting organisation add` and `refresh`."""

import pytest

from domain.models import AccessMandate, Organisation
from domain.rules.organisation_registration import NO_LONGER_REGISTERED
from tests import rows
from tests.commands.running import econtracting
from tests.conftest import Environment
from tests.registers.serving import respond, scripted_register
from tests.rows.registers import a_registered_enterprise, a_registered_person
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("database")


async def test_an_organisation_is_registered_and_updated():
    await a_registered_enterprise(await a_registered_person(), enterprise_number="0123456749", name="Aannemer nv")

    first, second = [await econtracting("organisation", "add", "0123.456.749") for _ in range(2)]

    assert (first.status, first.stderr) == (0, "")
    assert first.stdout == (
        "Registered: Aannemer nv, 0123.456.749, ENTERPRISE. Legal representatives: 1 (1 came, 0 left).\n"
    )
    assert second.stdout.startswith("Up to date: Aannemer nv")
    assert await Organisation.all().count() == 1


async def test_the_operator_is_warned_if_the_register_names_no_representative():
    await a_registered_enterprise(enterprise_number="0123456749")
    result = await econtracting("organisation", "add", "0123456749")
    assert result.status == 0
    assert result.stderr.startswith("Warning: the register names no legal representative of 0123.456.749")


async def test_all_are_updated_and_those_missing_from_the_register_are_reported():
    new = await a_registered_enterprise(await a_registered_person(), name="Aannemer nv")
    mandate = await rows.a_mandate(
        organisation=await rows.an_organisation(name="Aannemer bv", enterprise_number=new.enterprise_number)
    )
    gone = await rows.an_organisation(name="Failliet nv", enterprise_number="0123456749")

    result = await econtracting("organisation", "refresh")

    assert (result.status, result.stdout.count("\n")) == (1, 1)
    assert result.stdout.startswith("Up to date: Aannemer nv, ")
    assert result.stdout.endswith("Legal representatives: 1 (1 came, 1 left).\n")
    assert result.stderr == "Warning: the register doesn't know 0123.456.749 any more; it stays as it is.\n"
    assert (await AccessMandate.get(id=mandate.id)).end_reason == NO_LONGER_REGISTERED
    assert (await Organisation.get(id=gone.id)).name == "Failliet nv"
    assert (await Organisation.get(id=mandate.organisation_id)).name == "Aannemer nv"


async def test_an_unavailable_register_ends_the_refresh(environment: Environment):
    await rows.an_organisation()
    async with scripted_register(respond(404, b"")) as away:
        environment.set(ENTERPRISE_REGISTER_URL=away.url)
        async with assert_tables_unchanged():
            result = await econtracting("organisation", "refresh")
    assert (result.status, result.stdout) == (1, "")
    assert "The enterprise register doesn't answer now." in result.stderr


async def test_refusals_say_why_and_change_nothing(environment: Environment):
    async with assert_tables_unchanged():
        unknown = await econtracting("organisation", "add", "0123456749")
        assert (unknown.status, unknown.stdout) == (1, "")
        assert unknown.stderr.splitlines()[-1] == (
            "enterpriseNumber: The enterprise register knows no organisation with this number. Check it."
        )
        async with scripted_register(respond(404, b"")) as wrong:
            environment.set(ENTERPRISE_REGISTER_URL=wrong.url)
            away = await econtracting("organisation", "add", "0123456749")
        assert away.status == 1
        assert away.stderr.splitlines()[-1] == (
            "enterpriseNumber: The enterprise register doesn't answer now. Nothing was changed; try again later."
        )
