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

Found = TypeVar("Found")


def checked_national_number(number: str, *path: str) -> str:
    """The eleven digits of a number in any usual notation.

    Raises:
        NationalNumberInvalid: It is none.
    """
    try:
        return national_number.normalised(number)
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


async def registered_enterprise(number: str, *path: str) -> RegisteredEnterprise:
    """The organisation that the register knows by a number in any usual notation.

    Raises:
        EnterpriseNumberInvalid: It is no enterprise number.
        EnterpriseUnknown: The register knows none.
        EnterpriseRegisterUnavailable: It doesn't answer.
    """
    try:
        digits = enterprise_number.normalised(number)
    except EnterpriseNumberError:
        raise EnterpriseNumberInvalid(*path) from None
    found = await _answer("enterprise", enterprise_register().enterprise(digits), EnterpriseRegisterUnavailable(*path))
    if found is None:
        raise EnterpriseUnknown(*path)
    return found


async def _answer(register: str, lookup: Awaitable[Found], unavailable: Refusal) -> Found:
    """What a register answers; when it doesn't, that is logged and `unavailable` is raised."""
    try:
        return await lookup
    except RegisterUnavailableError as failure:
        log.warning("register_unavailable", register=register, why=str(failure))
        raise unavailable from None
