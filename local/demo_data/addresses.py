"""The e-mail addresses and phone numbers of people at work; all of them reach nobody."""

import unicodedata
from typing import Final

from domain.models import User

_DOMAINS: Final = {
    "scheldeland": "scheldeland.example",
    "zandvliet": "zandvliet.example",
    "combinatie": "scheldeland-zandvliet.example",
}


def address_of(person: User, organisation: str) -> str:
    """The person's address there: `emre.ozdemir@scheldeland.example`."""
    return f"{_plain(person.given_name)}.{_plain(person.family_name)}@{_DOMAINS[organisation]}"


def phone_of(person: User) -> str:
    """A mobile number that has one digit too few to ring anywhere, different for each person."""
    return f"+32 470 00 0{person.id % 100:02}"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in letters.lower() if letter.isalpha())
