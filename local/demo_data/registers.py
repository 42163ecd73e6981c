"""The demo's person register and enterprise register: all demo people and organisations, and some others."""

from datetime import date
from typing import Final, NamedTuple

from domain.models import (
    AccessMandate,
    AccessMandateKind,
    Organisation,
    OrganisationKind,
    RegisteredEnterpriseRow,
    RegisteredPersonRow,
    RegisteredRepresentativeRow,
)
from domain.national_number import birth_date
from domain.sealed_national_number import number_columns as sealed_columns
from local.demo_data.demo_rows import DemoRows
from local.demo_data.people import demo_key
from local.people import BIS_MONTHS, PEOPLE, make_national_number


class _Stranger(NamedTuple):
    given_name: str
    family_name: str
    national_number: str


STRANGERS: Final = (
    _Stranger("Wout", "Verbeke", make_national_number(date(1992, 4, 17), 952)),
    _Stranger("Karen", "Lemmens", make_national_number(date(1984, 10, 9), 954)),
    _Stranger("Anaïs", "Lambert", make_national_number(date(1999, 1, 31), 956)),
    _Stranger("Jan", "Rombouts", make_national_number(date(2003, 12, 24), 953)),
    _Stranger("Ewa", "Nowak", make_national_number(date(1988, 5, 2), 958, month_added=BIS_MONTHS)),
)
"""People whom only the register knows, for access managers to look up; the first represents `UNKNOWN_ENTERPRISE`."""
UNKNOWN_ENTERPRISE: Final = "0123456749"
"""An enterprise that only the register knows, to be added by `econtracting organisation add 0123.456.749`."""


async def load_registers(demo: DemoRows) -> None:
    """Fills the registers, after the mandates."""
    persons = {
        demo_key(person): await _register_person(person.given_name, person.family_name, person.national_number)
        for person in PEOPLE
    }
    person_by_user = {demo.people[key].id: person for key, person in persons.items() if key in demo.people}
    for organisation in demo.organisations.values():
        await _register_enterprise(organisation, person_by_user)
    strangers = [await _register_person(*stranger) for stranger in STRANGERS]
    unknown = await RegisteredEnterpriseRow.create(
        enterprise_number=UNKNOWN_ENTERPRISE, name="Aannemingen De Kempen bv", kind=OrganisationKind.ENTERPRISE
    )
    await RegisteredRepresentativeRow.create(enterprise=unknown, person=strangers[0])


async def _register_person(given_name: str, family_name: str, number: str) -> RegisteredPersonRow:
    return await RegisteredPersonRow.create(
        **sealed_columns(number), given_name=given_name, family_name=family_name, birth_date=birth_date(number)
    )


async def _register_enterprise(organisation: Organisation, person_by_user: dict[int, RegisteredPersonRow]) -> None:
    enterprise = await RegisteredEnterpriseRow.create(
        enterprise_number=organisation.enterprise_number, name=organisation.name, kind=organisation.kind
    )
    mandates = AccessMandate.filter(
        organisation_id=organisation.id, kind=AccessMandateKind.LEGAL_REPRESENTATIVE, ended_at=None
    )
    for mandate in await mandates.order_by("id"):
        await RegisteredRepresentativeRow.create(enterprise=enterprise, person=person_by_user[mandate.user_id])
