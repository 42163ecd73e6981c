"""Conformance of mails to RFC 5321 on the wire and RFC 5322 in their headers: where others may repair, this rejects."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser

MAX_LINE_LENGTH = 998
REQUIRED_HEADERS = ("From", "Date", "Message-ID")
MESSAGE_ID = re.compile(r"<[^\s<>@]+@[^\s<>@]+>")
BARE_LINE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")


@dataclass(frozen=True)
class IncomingMail:
    """A mail as it came over the wire, with its envelope.

    Attributes:
        content: The data, with CRLF line breaks.
        sender: The envelope's sender; empty for a bounce.
        recipients: The envelope's recipients.
        smtputf8: Whether the client requested SMTPUTF8.
        eight_bit_mime: Whether it announced the body as 8BITMIME.
    """

    content: bytes
    sender: str
    recipients: tuple[str, ...]
    smtputf8: bool
    eight_bit_mime: bool


def find_violation(mail: IncomingMail) -> str | None:
    """The first violation of the standards, in a sentence; None when there is none."""
    return next((violation for check in CHECKS if (violation := check(mail)) is not None), None)


def _check_line_breaks(mail: IncomingMail) -> str | None:
    if BARE_LINE_BREAK.search(mail.content):
        return "A line ends in a bare CR or LF."
    return "A NUL octet." if b"\0" in mail.content else None


def _check_line_lengths(mail: IncomingMail) -> str | None:
    if max(map(len, mail.content.split(b"\r\n"))) > MAX_LINE_LENGTH:
        return f"A line is longer than {MAX_LINE_LENGTH} octets."
    return None


def _check_octets(mail: IncomingMail) -> str | None:
    header, _, body = mail.content.partition(b"\r\n\r\n")
    if not header.isascii() and not mail.smtputf8:
        return "8-bit octets in the headers, and SMTPUTF8 was not requested."
    if not body.isascii() and not mail.eight_bit_mime:
        return "8-bit octets in the body, and 8BITMIME was not requested."
    if not mail.smtputf8 and not all(address.isascii() for address in (mail.sender, *mail.recipients)):
        return "An address is not ASCII, and SMTPUTF8 was not requested."
    return None


def _check_headers(mail: IncomingMail) -> str | None:
    headers = BytesParser(policy=policy.default).parsebytes(mail.content, headersonly=True)
    for name in REQUIRED_HEADERS:
        number = len(headers.get_all(name, []))
        if number != 1:
            return f"{number} {name} fields; one is needed."
    if headers["Date"].datetime is None:
        return "The Date cannot be read."
    if not MESSAGE_ID.fullmatch(headers["Message-ID"].strip()):
        return "The Message-ID is not of the form <left@right>."
    defects = [*headers.defects, *headers["From"].defects]
    return f"The headers are malformed: {type(defects[0]).__name__}." if defects else None


CHECKS: tuple[Callable[[IncomingMail], str | None], ...] = (
    _check_line_breaks,
    _check_line_lengths,
    _check_octets,
    _check_headers,
)
