"""Texts that people fill in: trimmed, bounded and plain."""

import unicodedata
from contextlib import suppress
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from domain.refusals import EmailAddressInvalid, Findings, PhoneInvalid, Required, TextNotPlain, TextTooLong

NAME = 200
LONG_TEXT = 2_000
EXTERNAL_ID = 200
MESSAGE = 20_000
ADDRESS = 254
"""The longest that an e-mail address can be (RFC 5321, 4.5.3.1.3); what is longer isn't looked at."""
_BREAKS = "\n\t\u2028\u2029"
"""What stands between lines, and within them, where a text may have lines."""
_NOT_PLAIN: Final = {"Cc", "Cs", "Zl", "Zp"}
"""The kinds of characters that no line holds."""
_UNSEEN: Final = {"Cf", "Mc", "Me", "Mn", "Zl", "Zp", "Zs"}
"""The kinds of characters that show nothing by themselves, such as accents without a letter."""
_TURNING: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""The kinds of characters that turn the direction of writing of what follows, also of another text on the same line.

Languages that are written from right to left need none of them; marks between letters and figures are others.
"""
HOME: Final = "BE"
"""The country whose telephone numbers may be written without their country's code."""


def trimmed(given: str, *, lines: bool) -> str:
    """The text without surrounding space; where it may have lines, these are ended as on Unix."""
    text = given.strip()
    return text.replace("\r\n", "\n") if lines else text


def required_text(
    findings: Findings, given: str | None, *path: str | int, maximum: int = NAME, lines: bool = False
) -> str:
    """The text, `trimmed`; what is wrong with it is added to `findings`.

    Args:
        findings: Where a missing, invisible, too long or not plain text is noted, or one that turns writing round.
        given: What was filled in.
        path: The input field.
        maximum: How many characters fit.
        lines: Whether line breaks may stand in it.
    """
    text = trimmed(given or "", lines=lines)
    if all(unicodedata.category(sign) in _UNSEEN for sign in text):
        findings.add(Required(*path))
    elif len(text) > maximum:
        findings.add(TextTooLong(*path, length=len(text), maximum=maximum))
    elif not all(_is_plain(sign, lines=lines) for sign in text):
        findings.add(TextNotPlain(*path))
    return text


def _is_plain(sign: str, *, lines: bool) -> bool:
    if unicodedata.bidirectional(sign) in _TURNING:
        return False
    return unicodedata.category(sign) not in _NOT_PLAIN or (lines and sign in _BREAKS)


def required_reason(given: str) -> str:
    """Why something is done, `trimmed`.

    Raises:
        Refusals: It is missing, invisible, too long or not plain.
    """
    findings = Findings()
    reason = required_text(findings, given, "reason", maximum=LONG_TEXT, lines=True)
    findings.settle()
    return reason


def optional_email(findings: Findings, given: str | None, *path: str) -> str | None:
    """The e-mail address in its usual form, or None when none was given; noted in `findings` when it is none."""
    if given is None:
        return None
    address = given.strip()
    if len(address) <= ADDRESS:
        with suppress(EmailNotValidError):
            return validate_email(address, check_deliverability=False, strict=True).normalized
    findings.add(EmailAddressInvalid(*path))
    return None


def optional_phone(findings: Findings, given: str | None, *path: str) -> str | None:
    """The telephone number in its international form (`+32 2 553 17 00`), or None when none was given.

    Args:
        findings: Where it is noted that this is none: that no number is that long, or begins so.
        given: A Belgian number as it is dialled, or any number with the code of its country.
        path: The input field.
    """
    if given is None:
        return None
    try:
        number = phonenumbers.parse(given, HOME)
    except phonenumbers.NumberParseException:
        number = None
    # Whether it is in use is not asked: the library learns of new numbers later than people get them.
    if number is None or not phonenumbers.is_possible_number(number):
        findings.add(PhoneInvalid(*path))
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
