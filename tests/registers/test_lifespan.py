"""The registers of a process, over HTTP or in the local tables."""

from datetime import date

import pytest
from pydantic import ValidationError

from domain.models import OrganisationKind
from domain.registers import RegisterUnavailableError, enterprise_register, person_register
from registers.http import HttpEnterpriseRegister, HttpPersonRegister
from registers.lifespan import open_registers
from settings import settings
from tests import rows
from tests.conftest import Environment
from tests.rows.registers import a_registered_enterprise, a_registered_person, a_representative


async def test_registers_are_unavailable_until_they_are_installed():
    with pytest.raises(RegisterUnavailableError):
        await person_register().person("85073003328")
    with pytest.raises(RegisterUnavailableError):
        await enterprise_register().enterprise("0123456749")


async def test_the_registers_of_the_settings_are_used(environment: Environment):
    environment.set(PERSON_REGISTER_URL="http://127.0.0.1:1/", ENTERPRISE_REGISTER_URL="http://127.0.0.1:1/")
    async with open_registers(settings()):
        assert isinstance(person_register(), HttpPersonRegister)
        assert isinstance(enterprise_register(), HttpEnterpriseRegister)
    with pytest.raises(RegisterUnavailableError):
        await person_register().person("85073003328")


@pytest.mark.parametrize("variable", ["PERSON_REGISTER_URL", "ENTERPRISE_REGISTER_URL"])
@pytest.mark.parametrize(("url", "message"), [(None, "must be set"), ("http://r.example", "must be an https address")])
def test_production_needs_registers_over_https(environment: Environment, variable: str, url: str | None, message: str):
    other_settings = {
        "OIDC_ISSUER": "https://i.example",
        "PUBLIC_URL": "https://p.example",
        "OBJECT_STORE_URL": "file:///files",
    }
    registers = {"PERSON_REGISTER_URL": "https://r.example", "ENTERPRISE_REGISTER_URL": "https://r.example"}
    environment.set(ENVIRONMENT="production", **other_settings, **registers | {variable: url})
    with pytest.raises(ValidationError, match=f"{variable} {message}") as error:
        settings()
    assert error.value.error_count() == 1


@pytest.mark.usefixtures("database")
async def test_the_demo_uses_the_local_tables():
    person = await a_registered_person("85073003328", given_name="An", family_name="Peeters")
    enterprise = await a_registered_enterprise(person, person, kind=OrganisationKind.CONSORTIUM)
    await a_representative(enterprise)
    async with open_registers(settings()):
        registered_person = await person_register().person("85073003328")
        assert registered_person
        assert (registered_person.given_name, registered_person.family_name, registered_person.birth_date) == (
            "An",
            "Peeters",
            date(1985, 7, 30),
        )
        assert await person_register().person(rows.a_national_number()) is None
        registered_enterprise = await enterprise_register().enterprise(enterprise.enterprise_number)
        assert registered_enterprise
        assert registered_enterprise.kind == OrganisationKind.CONSORTIUM
        assert list(registered_enterprise.representatives) == [registered_person]
        assert await enterprise_register().enterprise("0123456749") is None


@pytest.mark.usefixtures("database")
async def test_the_representation_of_a_registered_person_hides_the_number():
    await a_registered_person("85073003328")
    async with open_registers(settings()):
        assert "85073003328" not in repr(await person_register().person("85073003328"))
