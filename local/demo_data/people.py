"""The users: all demo people except the newcomer, who becomes one by signing in."""

from typing import Final

from domain.models import User, person_key
from domain.national_number import birth_date
from domain.sealed_national_number import number_columns as sealed_columns
from local.demo_data.demo_rows import DemoRows
from local.people import PEOPLE, DemoPerson

NEWCOMER: Final = "newcomer"
# Their subject at the identity provider is therefore unknown.
_NEVER_SIGNED_IN: Final = ("Luc Peeters", "Veerle Smets", "Sarah Vermeulen")


def demo_key(person: DemoPerson) -> str:
    """The key of a person in the tables: the persona's key if there is one, else the full name."""
    return person.key or f"{person.given_name} {person.family_name}"


async def load_people(demo: DemoRows) -> None:
    """Creates everyone but the newcomer."""
    for person in PEOPLE:
        key = demo_key(person)
        if key != NEWCOMER:
            demo.people[key] = await User.create(
                id=person_key(),
                **sealed_columns(person.national_number),
                given_name=person.given_name,
                family_name=person.family_name,
                birth_date=birth_date(person.national_number),
                language=person.language,
                subject=None if key in _NEVER_SIGNED_IN else person.subject,
                created_at=demo.calendar.moment(1495),
            )
