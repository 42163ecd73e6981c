"""The national register number (rijksregisternummer) and its BIS form, as eleven digits.

The number is personal data under special law: no message contains it, and it is shown with its end masked.
"""

import calendar
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from stdnum.be import bis, nn
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from domain.days import BRUSSELS

LENGTH: Final = 11
# The tens digit of the month, to which a BIS number of the Crossroads Bank adds 20 or 40.
_BIS_MONTH_TENS: Final = ("2", "3", "4", "5")
_UNASSIGNED_SERIALS: Final = ("000", "999")


class NationalNumberFault(StrEnum):
    """Why a number is invalid."""

    FORMAT = "FORMAT"
    CHECK_DIGITS = "CHECK_DIGITS"
    BIRTH_DATE = "BIRTH_DATE"
    SERIAL = "SERIAL"


class NationalNumberError(ValueError):
    """No valid national register number; the message never repeats the input."""

    def __init__(self, reason: NationalNumberFault) -> None:
        super().__init__(f"Not a valid national register number: {reason}.")
        self.reason = reason


def normalised(text: str) -> str:
    """The eleven digits of a number in any usual notation, such as `85.07.30-033.28`.

    Raises:
        NationalNumberError: It is not valid, or can't have been assigned.
    """
    number: str = nn.compact(text)
    if len(number) != LENGTH:
        raise NationalNumberError(NationalNumberFault.FORMAT)
    try:
        (bis if number[2] in _BIS_MONTH_TENS else nn).validate(number)
    except InvalidChecksum:
        raise NationalNumberError(NationalNumberFault.CHECK_DIGITS) from None
    except InvalidComponent:
        raise NationalNumberError(NationalNumberFault.BIRTH_DATE) from None
    except ValidationError:
        raise NationalNumberError(NationalNumberFault.FORMAT) from None
    _check_date_and_serial(number)
    return number


def birth_date(number: str) -> date | None:
    """The birth date in eleven valid digits; None when its month or day is unknown."""
    born: date | None = nn.get_birth_date(number)
    return born


def masked(number: str) -> str:
    """Eleven digits as entitled people see them: `85.07.30-***.**`."""
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-***.**"


def _check_date_and_serial(number: str) -> None:
    # The library takes a day beyond the end of the month for an unknown one, and accepts unassigned serial numbers.
    if int(number[4:6]) > _days_in_month(number):
        raise NationalNumberError(NationalNumberFault.BIRTH_DATE)
    born = birth_date(number)
    if born is not None and born > datetime.now(BRUSSELS).date():
        raise NationalNumberError(NationalNumberFault.BIRTH_DATE)
    if number[6:9] in _UNASSIGNED_SERIALS:
        raise NationalNumberError(NationalNumberFault.SERIAL)


def _days_in_month(number: str) -> int:
    year, month = nn.get_birth_year(number), nn.get_birth_month(number)
    return calendar.monthrange(year, month)[1] if year and month else 31
