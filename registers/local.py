"""The registers as local tables: for the demo and the tests, never in production."""

from domain.models import RegisteredEnterpriseRow, RegisteredPersonRow, RegisteredRepresentativeRow
from domain.registers import RegisteredEnterprise, RegisteredPerson
from domain.sealed_national_number import has_number, unsealed_number
from registers.responses import distinct


class LocalPersonRegister:
    """The person register of `registered_person`."""

    async def person(self, national_number: str) -> RegisteredPerson | None:
        """The person with these eleven digits, or None when the table has none."""
        row = await RegisteredPersonRow.get_or_none(has_number(national_number))
        return _registered_person(row) if row else None


class LocalEnterpriseRegister:
    """The enterprise register of `registered_enterprise` and its representatives."""

    async def enterprise(self, enterprise_number: str) -> RegisteredEnterprise | None:
        """The organisation with these ten digits, or None when the table has none."""
        row = await RegisteredEnterpriseRow.get_or_none(enterprise_number=enterprise_number)
        if row is None:
            return None
        representatives = (
            RegisteredRepresentativeRow.filter(enterprise_id=row.id).order_by("id").prefetch_related("person")
        )
        people = [
            _registered_person(representative.person)
            for representative in await representatives
            if representative.person
        ]
        return RegisteredEnterprise(row.enterprise_number, row.name, row.kind, distinct(people))


def _registered_person(row: RegisteredPersonRow) -> RegisteredPerson:
    return RegisteredPerson(unsealed_number(row), row.given_name, row.family_name, row.birth_date)
