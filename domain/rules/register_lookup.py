"""What the national registers tell, asked outside every transaction: a look-up takes time and may fail."""

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

Found = TypeVar("Found")


def checked_national_number(given: str, *path: str) -> str:
    """The eleven digits of a number in any usual notation.

    Raises:
        NationalNumberInvalid: It is none.
    """
    try:
        return national_number.normalised(given)
    except NationalNumberError:
        raise NationalNumberInvalid(*path) from None


async def registered_person(number: str, *path: str) -> RegisteredPerson:
    """The person whom the register knows by these eleven digits.

    Raises:
        PersonUnknown: It knows nobody.
        PersonRegisterUnavailable: It doesn't answer.
    """
    found = await _answer("person", person_register().person(number), PersonRegisterUnavailable(*path))
    if found is None:
        raise PersonUnknown(*path)
    return found


async def registered_enterprise(given: str, *path: str) -> RegisteredEnterprise:
    """The organisation that the register knows by a number in any usual notation.

    Raises:
        EnterpriseNumberInvalid: It is no enterprise number.
        EnterpriseUnknown: The register knows none.
        EnterpriseRegisterUnavailable: It doesn't answer.
    """
    try:
        number = enterprise_number.normalised(given)
    except EnterpriseNumberError:
        raise EnterpriseNumberInvalid(*path) from None
    found = await _answer("enterprise", enterprise_register().enterprise(number), EnterpriseRegisterUnavailable(*path))
    if found is None:
        raise EnterpriseUnknown(*path)
    return found


async def _answer(register: str, asked: Awaitable[Found], unavailable: Refusal) -> Found:
    """What a register answers; where it doesn't, that is logged, and refused as `unavailable`."""
    try:
        return await asked
    except RegisterUnavailableError as failure:
        log.warning("register_unavailable", register=register, why=str(failure))
        raise unavailable from None
