"""Look-ups in the national registers, outside every transaction: they take time and may fail."""

from collections.abc import Awaitable
from typing import TypeVar

import structlog

from domain import enterprise_number, national_number
from domain.enterprise_number import EnterpriseNumberError
from domain.national_number import NationalNumberError
from domain.refusals import (
    EnterpriseNumberInvalid,
    EnterpriseRegisterUnavailable,
    EnterpriseUnknown,
    NationalNumberInvalid,
    PersonRegisterUnavailable,
    PersonUnknown,
    Refusal,
)
from domain.registers import (
    RegisteredEnterprise,
    RegisteredPerson,
    RegisterUnavailableError,
    enterprise_register,
    person_register,
)

log = structlog.get_logger()

Record = TypeVar("Record")


def checked_national_number(number: str, *path: str) -> str:
    """The eleven digits of a number in any usual notation.

    Raises:
        NationalNumberInvalid: It is no national register number.
    """
    try:
        return national_number.normalised(number)
    except NationalNumberError:
        raise NationalNumberInvalid(*path) from None


async def registered_person(number: str, *path: str) -> RegisteredPerson:
    """The person with these eleven digits in the person register.

    Raises:
        PersonUnknown: The register has none.
        PersonRegisterUnavailable: The register doesn't answer.
    """
    person = await _answer("person", person_register().person(number), PersonRegisterUnavailable(*path))
    if person is None:
        raise PersonUnknown(*path)
    return person


async def registered_enterprise(number: str, *path: str) -> RegisteredEnterprise:
    """The organisation with a number, in any usual notation, in the enterprise register.

    Raises:
        EnterpriseNumberInvalid: It is no enterprise number.
        EnterpriseUnknown: The register has none.
        EnterpriseRegisterUnavailable: The register doesn't answer.
    """
    try:
        digits = enterprise_number.normalised(number)
    except EnterpriseNumberError:
        raise EnterpriseNumberInvalid(*path) from None
    lookup = enterprise_register().enterprise(digits)
    enterprise = await _answer("enterprise", lookup, EnterpriseRegisterUnavailable(*path))
    if enterprise is None:
        raise EnterpriseUnknown(*path)
    return enterprise


async def _answer(register: str, lookup: Awaitable[Record], unavailable: Refusal) -> Record:
    """The result of a look-up; if the register doesn't answer, that is logged and `unavailable` raised."""
    try:
        return await lookup
    except RegisterUnavailableError as failure:
        log.warning("register_unavailable", register=register, why=str(failure))
        raise unavailable from None
