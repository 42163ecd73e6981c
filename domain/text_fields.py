"""Validation of the texts that people fill in: trimmed, bounded and plain."""

import unicodedata
from contextlib import suppress
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from domain.refusals import EmailAddressInvalid, Findings, PhoneInvalid, Required, TextNotPlain, TextTooLong

MAX_NAME = 200
MAX_LONG_TEXT = 2_000
MAX_EXTERNAL_ID = 200
MAX_MESSAGE = 20_000
MAX_EMAIL = 254
"""The longest that an e-mail address can be (RFC 5321, 4.5.3.1.3); a longer one isn't parsed."""
_MULTILINE_CHARACTERS = "\n\t\u2028\u2029"
"""The characters that only a multiline text may hold."""
_CONTROL_CATEGORIES: Final = {"Cc", "Cs", "Zl", "Zp"}
"""The Unicode categories that no line holds."""
_INVISIBLE_CATEGORIES: Final = {"Cf", "Mc", "Me", "Mn", "Zl", "Zp", "Zs"}
"""The Unicode categories that show nothing by themselves, such as accents without a letter."""
_BIDI_CONTROLS: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""The bidirectional classes that change the direction of what follows, also of another text on the same line.

Languages that are written from right to left need none of them; marks between letters and figures are others.
"""
DEFAULT_REGION: Final = "BE"
"""The country whose telephone numbers may be written without a country code."""


def trimmed(text: str, *, multiline: bool) -> str:
    """The text without surrounding space; a multiline one with line ends as on Unix."""
    stripped = text.strip()
    return stripped.replace("\r\n", "\n") if multiline else stripped


def required_text(
    findings: Findings, value: str | None, *path: str | int, maximum: int = MAX_NAME, multiline: bool = False
) -> str:
    """The text, `trimmed`; refusals are added to `findings`.

    Args:
        findings: Where a text is refused that is missing, invisible, too long, not plain, or changes direction.
        value: The text that was filled in.
        path: The input field.
        maximum: The maximum number of characters.
        multiline: Whether it may have line breaks.
    """
    text = trimmed(value or "", multiline=multiline)
    if all(unicodedata.category(character) in _INVISIBLE_CATEGORIES for character in text):
        findings.add(Required(*path))
    elif len(text) > maximum:
        findings.add(TextTooLong(*path, length=len(text), maximum=maximum))
    elif not all(_is_plain(character, multiline=multiline) for character in text):
        findings.add(TextNotPlain(*path))
    return text


def _is_plain(character: str, *, multiline: bool) -> bool:
    if unicodedata.bidirectional(character) in _BIDI_CONTROLS:
        return False
    return unicodedata.category(character) not in _CONTROL_CATEGORIES or (
        multiline and character in _MULTILINE_CHARACTERS
    )


def required_reason(value: str) -> str:
    """The reason for an action, `trimmed`.

    Raises:
        Refusals: It is missing, invisible, too long or not plain.
    """
    findings = Findings()
    reason = required_text(findings, value, "reason", maximum=MAX_LONG_TEXT, multiline=True)
    findings.raise_if_any()
    return reason


def optional_email(findings: Findings, value: str | None, *path: str) -> str | None:
    """The e-mail address in its usual form, or None when none was given; an invalid one is added to `findings`."""
    if value is None:
        return None
    address = value.strip()
    if len(address) <= MAX_EMAIL:
        with suppress(EmailNotValidError):
            return validate_email(address, check_deliverability=False, strict=True).normalized
    findings.add(EmailAddressInvalid(*path))
    return None


def optional_phone(findings: Findings, value: str | None, *path: str) -> str | None:
    """The telephone number in its international form (`+32 2 553 17 00`), or None when none was given.

    Args:
        findings: Where a number of an impossible length or prefix is refused.
        value: A Belgian number as it is dialled, or any number with its country code.
        path: The input field.
    """
    if value is None:
        return None
    try:
        number = phonenumbers.parse(value, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        number = None
    # Possible is enough: the library learns of new number ranges later than people get them.
    if number is None or not phonenumbers.is_possible_number(number):
        findings.add(PhoneInvalid(*path))
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
