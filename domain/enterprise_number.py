"""The enterprise number (ondernemingsnummer of the KBO), as ten digits."""

from enum import StrEnum
from typing import Final

from stdnum.be import vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.util import clean

LENGTH: Final = 10


class EnterpriseNumberFault(StrEnum):
    """Why a number is invalid."""

    FORMAT = "FORMAT"
    CHECK_DIGITS = "CHECK_DIGITS"


class EnterpriseNumberError(ValueError):
    """No valid enterprise number; the message doesn't repeat the input."""

    def __init__(self, reason: EnterpriseNumberFault) -> None:
        super().__init__(f"Not a valid enterprise number: {reason}.")
        self.reason = reason


def normalised(text: str) -> str:
    """The ten digits of a number in any usual notation, such as `BE 0123.456.749`.

    Raises:
        EnterpriseNumberError: It is not valid.
    """
    digits = clean(text, " .-/").strip().upper().removeprefix("BE")
    # The library pads the nine digits in use before 2005 to ten; a number that lacks a digit would pass as such.
    if len(digits) != LENGTH:
        raise EnterpriseNumberError(EnterpriseNumberFault.FORMAT)
    try:
        vat.validate(digits)
    except InvalidChecksum:
        raise EnterpriseNumberError(EnterpriseNumberFault.CHECK_DIGITS) from None
    except ValidationError:
        raise EnterpriseNumberError(EnterpriseNumberFault.FORMAT) from None
    # The library compares modulo 97 and so takes 00, 98 and 99 for 97, 01 and 02.
    if int(digits[8:]) != 97 - int(digits[:8]) % 97:
        raise EnterpriseNumberError(EnterpriseNumberFault.CHECK_DIGITS)
    return digits


def formatted(number: str) -> str:
    """Ten digits in the usual notation: `0123.456.749`."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"
