"""Texts that people fill in: trimmed, bounded and plain."""

import re
import unicodedata
from typing import Final

from email_validator import EmailNotValidError, validate_email

from domain.refusals import EmailAddressInvalid, Findings, PhoneInvalid, Required, TextNotPlain, TextTooLong

NAME = 200
LONG_TEXT = 2_000
EXTERNAL_ID = 200
MESSAGE = 20_000
_BREAKS = "\n\t"
PHONE: Final = re.compile(r"\+?[0-9](?:[0-9 ./()-]{4,28})[0-9]")
"""A number as people write it: digits, with spaces and the usual signs between them."""


def required_text(
    findings: Findings, given: str | None, *path: str | int, maximum: int = NAME, lines: bool = False
) -> str:
    """The text without surrounding space; what is wrong with it is added to `findings`.

    Args:
        findings: Where a missing, too long or not plain text is noted.
        given: What was filled in.
        path: The input field.
        maximum: How many characters fit.
        lines: Whether line breaks may stand in it.
    """
    text = (given or "").strip()
    if not text:
        findings.add(Required(*path))
    elif len(text) > maximum:
        findings.add(TextTooLong(*path, length=len(text), maximum=maximum))
    elif any(unicodedata.category(sign) in {"Cc", "Cs"} and not (lines and sign in _BREAKS) for sign in text):
        findings.add(TextNotPlain(*path))
    return text


def optional_email(findings: Findings, given: str | None, *path: str) -> str | None:
    """The e-mail address in its usual form, or None when none was given; noted in `findings` when it is none."""
    if given is None:
        return None
    try:
        return validate_email(given.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        findings.add(EmailAddressInvalid(*path))
        return None


def optional_phone(findings: Findings, given: str | None, *path: str) -> str | None:
    """The telephone number as it was written, or None when none was given; noted in `findings` when it is none."""
    if given is None:
        return None
    number = given.strip()
    if not PHONE.fullmatch(number):
        findings.add(PhoneInvalid(*path))
    return number
