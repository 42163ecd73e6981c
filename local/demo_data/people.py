"""The demo people who are known here; the newcomer is not among them until the first sign-in."""

from typing import Final

from domain.models import User, person_key
from domain.national_number import birth_date
from domain.sealed_national_number import number_columns as sealed_columns
from local.demo_data.loaded import Loaded
from local.people import PEOPLE, DemoPerson

NEWCOMER: Final = "newcomer"
# By name: people who have never signed in, so that the identity provider's name of them isn't known yet.
_NEVER_SIGNED_IN: Final = ("Luc Peeters", "Veerle Smets", "Sarah Vermeulen")


def table_name(person: DemoPerson) -> str:
    """What the tables call a person: the persona's key, else the full name."""
    return person.key or f"{person.given_name} {person.family_name}"


async def load_people(loaded: Loaded) -> None:
    """Makes everyone but the newcomer."""
    for person in PEOPLE:
        name = table_name(person)
        if name != NEWCOMER:
            loaded.people[name] = await User.create(
                id=person_key(),
                **sealed_columns(person.national_number),
                given_name=person.given_name,
                family_name=person.family_name,
                birth_date=birth_date(person.national_number),
                language=person.language,
                subject=None if name in _NEVER_SIGNED_IN else person.subject,
                created_at=loaded.calendar.moment(1495),
            )
