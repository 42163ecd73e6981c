"""What a mail must keep to: RFC 5321 on the wire, RFC 5322 in its head. Real servers refuse or mend; ours refuses."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser

LONGEST_LINE = 998
NEEDED_ONCE = ("From", "Date", "Message-ID")
MESSAGE_ID = re.compile(r"<[^\s<>@]+@[^\s<>@]+>")
LONE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")


@dataclass(frozen=True)
class OfferedMail:
    """A mail as it came over the wire, its envelope, and the extensions that the sender asked for."""

    content: bytes
    sender: str
    recipients: tuple[str, ...]
    smtputf8: bool
    eight_bit: bool


def refusal(mail: OfferedMail) -> str | None:
    """Why this mail is refused, in a sentence; None when it may come in."""
    return next((broken for rule in RULES if (broken := rule(mail)) is not None), None)


def _line_breaks(mail: OfferedMail) -> str | None:
    if LONE_BREAK.search(mail.content):
        return "A line ends in a bare CR or LF."
    return "A NUL octet." if b"\0" in mail.content else None


def _line_lengths(mail: OfferedMail) -> str | None:
    if max(map(len, mail.content.split(b"\r\n"))) > LONGEST_LINE:
        return f"A line is longer than {LONGEST_LINE} octets."
    return None


def _octets(mail: OfferedMail) -> str | None:
    head, _, body = mail.content.partition(b"\r\n\r\n")
    if not head.isascii() and not mail.smtputf8:
        return "8-bit octets in the head, and SMTPUTF8 was not asked for."
    if not body.isascii() and not mail.eight_bit:
        return "8-bit octets in the body, and 8BITMIME was not asked for."
    if not mail.smtputf8 and not all(address.isascii() for address in (mail.sender, *mail.recipients)):
        return "An address is not ASCII, and SMTPUTF8 was not asked for."
    return None


def _head(mail: OfferedMail) -> str | None:
    head = BytesParser(policy=policy.default).parsebytes(mail.content, headersonly=True)
    for name in NEEDED_ONCE:
        given = head.get_all(name, [])
        if len(given) != 1:
            return f"{len(given)} {name} fields; one is needed."
    if head["Date"].datetime is None:
        return "The Date cannot be read."
    if not MESSAGE_ID.fullmatch(head["Message-ID"].strip()):
        return "The Message-ID is not of the form <left@right>."
    defects = [*head.defects, *head["From"].defects]
    return f"The head is malformed: {type(defects[0]).__name__}." if defects else None


RULES: tuple[Callable[[OfferedMail], str | None], ...] = (_line_breaks, _line_lengths, _octets, _head)
