"""Rows of the local registers."""

from typing import Any

from domain.models import (
    OrganisationKind,
    RegisteredEnterpriseRow,
    RegisteredPersonRow,
    RegisteredRepresentativeRow,
)
from domain.national_number import birth_date
from domain.sealed_national_number import number_columns as sealed_columns
from tests.rows.unique import a_national_number, a_serial, an_enterprise_number


async def a_registered_person(national_number: str | None = None, **columns: Any) -> RegisteredPersonRow:
    """A person in the person register."""
    number = national_number or a_national_number()
    defaults = {"given_name": "Rik", "family_name": f"Janssens {a_serial()}", "birth_date": birth_date(number)}
    return await RegisteredPersonRow.create(**sealed_columns(number) | defaults | columns)


async def a_registered_enterprise(*people: RegisteredPersonRow, **columns: Any) -> RegisteredEnterpriseRow:
    """An enterprise in the enterprise register, with its legal representatives."""
    defaults = {
        "enterprise_number": an_enterprise_number(),
        "name": f"Bouwbedrijf {a_serial()}",
        "kind": OrganisationKind.ENTERPRISE,
    }
    enterprise = await RegisteredEnterpriseRow.create(**defaults | columns)
    for person in people:
        await a_representative(enterprise, person)
    return enterprise


async def a_representative(
    enterprise: RegisteredEnterpriseRow, person: RegisteredPersonRow | None = None, **columns: Any
) -> RegisteredRepresentativeRow:
    """A legal representative of an enterprise; without a person, a company without a permanent representative."""
    defaults = {} if person else {"company_number": an_enterprise_number()}
    return await RegisteredRepresentativeRow.create(enterprise=enterprise, person=person, **defaults | columns)
