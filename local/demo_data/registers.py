"""What the demo's person and enterprise registers know: everyone and everything here, and some more to find."""

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
from local.demo_data.loaded import Loaded
from local.demo_data.people import table_name
from local.people import BIS_MONTHS, PEOPLE, make_national_number


class _Stranger(NamedTuple):
    given_name: str
    family_name: str
    national_number: str


# Nobody here knows them until an access manager looks them up.
STRANGERS: Final = (
    _Stranger("Wout", "Verbeke", make_national_number(date(1992, 4, 17), 952)),
    _Stranger("Karen", "Lemmens", make_national_number(date(1984, 10, 9), 954)),
    _Stranger("Anaïs", "Lambert", make_national_number(date(1999, 1, 31), 956)),
    _Stranger("Jan", "Rombouts", make_national_number(date(2003, 12, 24), 953)),
    _Stranger("Ewa", "Nowak", make_national_number(date(1988, 5, 2), 958, month_added=BIS_MONTHS)),
)
"""People whom only the register knows; the first represents the enterprise that only the register knows."""
UNKNOWN_ENTERPRISE: Final = "0123456749"
"""An enterprise to be registered with `econtracting organisation add 0123.456.749`."""


async def load_registers(loaded: Loaded) -> None:
    """Fills the registers, after the mandates."""
    people = {
        table_name(each): await _person(each.given_name, each.family_name, each.national_number) for each in PEOPLE
    }
    by_user = {loaded.people[name].id: person for name, person in people.items() if name in loaded.people}
    for organisation in loaded.organisations.values():
        await _organisation(organisation, by_user)
    strangers = [await _person(*stranger) for stranger in STRANGERS]
    unknown = await RegisteredEnterpriseRow.create(
        enterprise_number=UNKNOWN_ENTERPRISE, name="Aannemingen De Kempen bv", kind=OrganisationKind.ENTERPRISE
    )
    await RegisteredRepresentativeRow.create(enterprise=unknown, person=strangers[0])


async def _person(given_name: str, family_name: str, number: str) -> RegisteredPersonRow:
    return await RegisteredPersonRow.create(
        **sealed_columns(number), given_name=given_name, family_name=family_name, birth_date=birth_date(number)
    )


async def _organisation(organisation: Organisation, by_user: dict[int, RegisteredPersonRow]) -> None:
    known = await RegisteredEnterpriseRow.create(
        enterprise_number=organisation.enterprise_number, name=organisation.name, kind=organisation.kind
    )
    mandates = AccessMandate.filter(
        organisation_id=organisation.id, kind=AccessMandateKind.LEGAL_REPRESENTATIVE, ended_at=None
    )
    for mandate in await mandates.order_by("id"):
        await RegisteredRepresentativeRow.create(enterprise=known, person=by_user[mandate.user_id])
