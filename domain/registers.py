"""The ports of the national registers; each process installs adapters when it starts.

A look-up takes time and can fail, so no rule holds a transaction open during one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.models import OrganisationKind


class RegisterUnavailableError(Exception):
    """A register gave no usable response; the message holds nothing of the request."""


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
            representative, and is left out if it has none.
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


class _UnavailableRegister:
    async def person(self, national_number: str) -> RegisteredPerson | None:
        """Is unavailable."""
        del national_number
        raise RegisterUnavailableError("no person register is installed")

    async def enterprise(self, enterprise_number: str) -> RegisteredEnterprise | None:
        """Is unavailable."""
        del enterprise_number
        raise RegisterUnavailableError("no enterprise register is installed")


@dataclass(frozen=True, slots=True)
class Registers:
    """The two registers of a process."""

    people: PersonRegister
    enterprises: EnterpriseRegister


_UNAVAILABLE = Registers(_UnavailableRegister(), _UnavailableRegister())
_installed: Registers = _UNAVAILABLE


def install_registers(registers: Registers | None) -> None:
    """Installs the registers of this process; with None every look-up is unavailable."""
    global _installed  # noqa: PLW0603  # one pair per process, opened and closed where it starts
    _installed = registers or _UNAVAILABLE


def person_register() -> PersonRegister:
    """The person register of this process."""
    return _installed.people


def enterprise_register() -> EnterpriseRegister:
    """The enterprise register of this process."""
    return _installed.enterprises
