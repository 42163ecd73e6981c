"""The national register number (rijksregisternummer) and its BIS form, as eleven digits.

The number is personal data under special law: nothing here puts it into a message, and what shows it hides its end.
"""

import calendar
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from stdnum.be import bis, nn
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from domain.days import BRUSSELS

LENGTH: Final = 11
# The tens of the month, with 20 or 40 added: the Crossroads Bank gave the number, not the National Register.
_BIS_TENS: Final = ("2", "3", "4", "5")
_NEVER_GIVEN: Final = ("000", "999")


class NationalNumberFault(StrEnum):
    """What is wrong with a number that was given."""

    FORMAT = "FORMAT"
    CHECK_DIGITS = "CHECK_DIGITS"
    BIRTH_DATE = "BIRTH_DATE"
    SERIAL = "SERIAL"


class NationalNumberError(ValueError):
    """No valid national register number; the message never repeats what was given."""

    def __init__(self, reason: NationalNumberFault) -> None:
        super().__init__(f"Not a valid national register number: {reason}.")
        self.reason = reason


def normalised(text: str) -> str:
    """The eleven digits of a number in any usual notation, such as `85.07.30-033.28`.

    Raises:
        NationalNumberError: It is none, or can't have been given to anyone.
    """
    number: str = nn.compact(text)
    if len(number) != LENGTH:
        raise NationalNumberError(NationalNumberFault.FORMAT)
    try:
        (bis if number[2] in _BIS_TENS else nn).validate(number)
    except InvalidChecksum:
        raise NationalNumberError(NationalNumberFault.CHECK_DIGITS) from None
    except InvalidComponent:
        raise NationalNumberError(NationalNumberFault.BIRTH_DATE) from None
    except ValidationError:
        raise NationalNumberError(NationalNumberFault.FORMAT) from None
    _refuse_what_the_library_takes(number)
    return number


def birth_date(number: str) -> date | None:
    """The day of birth that eleven valid digits tell; None when its month or day was unknown."""
    born: date | None = nn.get_birth_date(number)
    return born


def masked(number: str) -> str:
    """What those entitled may see of eleven digits: `85.07.30-***.**`."""
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-***.**"


def _refuse_what_the_library_takes(number: str) -> None:
    # The library reads a day beyond the month's end as an unknown one, and takes serial numbers that nobody gets.
    if int(number[4:6]) > _days_in_month(number):
        raise NationalNumberError(NationalNumberFault.BIRTH_DATE)
    born = birth_date(number)
    if born is not None and born > datetime.now(BRUSSELS).date():
        raise NationalNumberError(NationalNumberFault.BIRTH_DATE)
    if number[6:9] in _NEVER_GIVEN:
        raise NationalNumberError(NationalNumberFault.SERIAL)


def _days_in_month(number: str) -> int:
    year, month = nn.get_birth_year(number), nn.get_birth_month(number)
    return calendar.monthrange(year, month)[1] if year and month else 31
