"""What the program asks the national registers, as ports: who answers is decided where the process starts.

A look-up takes time and can fail, so that no rule holds a transaction open while it asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.models import OrganisationKind


class RegisterUnavailableError(Exception):
    """A register gave no answer that can be used; the message holds nothing of what was asked."""


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """A person as a register names them.

    Attributes:
        national_number: Eleven valid digits.
        given_name: Voornaam.
        family_name: Naam.
        birth_date: Geboortedatum; None when month or day are unknown.
    """

    national_number: str
    given_name: str
    family_name: str
    birth_date: date | None

    def __repr__(self) -> str:
        return "RegisteredPerson(...)"


@dataclass(frozen=True, slots=True)
class RegisteredEnterprise:
    """An organisation as the enterprise register names it.

    Attributes:
        enterprise_number: Ten valid digits.
        name: Naam.
        kind: Enterprise, consortium or contracting authority.
        representatives: The persons who represent it by law; a company that does so counts by its permanent
            representative, and not at all without one.
    """

    enterprise_number: str
    name: str
    kind: OrganisationKind
    representatives: Sequence[RegisteredPerson]


class PersonRegister(Protocol):
    """Knows every natural person by number (Rijksregister and Crossroads Bank)."""

    async def person(self, national_number: str) -> RegisteredPerson | None:
        """The person with these eleven digits, or None when the register knows none.

        Raises:
            RegisterUnavailableError: It doesn't answer.
        """


class EnterpriseRegister(Protocol):
    """Knows every organisation by number (Kruispuntbank van Ondernemingen)."""

    async def enterprise(self, enterprise_number: str) -> RegisteredEnterprise | None:
        """The organisation with these ten digits, or None when the register knows none.

        Raises:
            RegisterUnavailableError: It doesn't answer.
        """


class _NoRegister:
    async def person(self, national_number: str) -> RegisteredPerson | None:
        """Nobody answers."""
        del national_number
        raise RegisterUnavailableError("no person register is installed")

    async def enterprise(self, enterprise_number: str) -> RegisteredEnterprise | None:
        """Nobody answers."""
        del enterprise_number
        raise RegisterUnavailableError("no enterprise register is installed")


@dataclass(frozen=True, slots=True)
class Registers:
    """The two registers of a process."""

    people: PersonRegister
    enterprises: EnterpriseRegister


_NONE = Registers(_NoRegister(), _NoRegister())
_installed: Registers = _NONE


def install_registers(given: Registers | None) -> None:
    """Makes these the ones of this process; with None every look-up says that the register doesn't answer."""
    global _installed  # noqa: PLW0603  # one pair a process, opened and closed where it starts
    _installed = given or _NONE


def person_register() -> PersonRegister:
    """The person register of this process."""
    return _installed.people


def enterprise_register() -> EnterpriseRegister:
    """The enterprise register of this process."""
    return _installed.enterprises
