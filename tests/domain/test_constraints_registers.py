"""Constraints on the local registers."""

import pytest

from tests import rows
from tests.domain.constraints import check_refusals, refused_by
from tests.rows.registers import a_registered_enterprise, a_registered_person, a_representative

# As the owner of the tables: the constraints apply to everyone.
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.owner]


async def test_registers(subtests: pytest.Subtests):
    person, other_person = await a_registered_person("85073003328"), await a_registered_person()
    enterprise = await a_registered_enterprise(enterprise_number="0123456749")
    await check_refusals(
        subtests,
        await a_representative(enterprise, person),
        [("registered_representative_somebody", "person_id = null", "company_number = '0999100196'")],
    )
    await check_refusals(
        subtests,
        other_person,
        [
            (
                "registered_person_number",
                f"national_number_index = (select national_number_index from registered_person where id = {person.id})",
                "national_number_index = 'x'",
            )
        ],
    )
    await a_registered_person(national_number_next_index=b"next")
    async with refused_by("registered_person_next_number"):
        await a_registered_person(national_number_next_index=b"next")
    async with refused_by("registered_enterprise_enterprise_number_key"):
        await a_registered_enterprise(enterprise_number="0123456749")
    await a_registered_enterprise(enterprise_number=rows.an_enterprise_number())
