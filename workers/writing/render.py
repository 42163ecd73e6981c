"""From what a mail says to the octets that go over the wire."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cached_property, lru_cache
from typing import Final

from domain.mail_domain import domain_in_ascii
from mail_templates import render
from settings import Settings
from workers.bounces.return_path import return_path
from workers.writing.mail import Mail
from workers.writing.mime import alternatives, date_field, fields, text_field

DATA: Final = b"DATA\r\n"
_LOCAL: Final = re.compile(r"[^\s\x00-\x1f\x7f<>()\[\]:;,\\\"@]+")
_LONGEST_LOCAL: Final = 64
"""Octets that the left half of an address may have (RFC 5321, 4.5.3.1.1)."""


class UnusableAddressError(ValueError):
    """No mail can be written to this address: it is none, was erased, or the mail server takes none like it."""


@dataclass(frozen=True)
class Envelope:
    """One mail for one recipient, ready to be sent.

    Attributes:
        sender: The envelope's sender; its domain is in ASCII.
        recipient: The envelope's recipient; its domain is in ASCII.
        content: The mail: lines end in CRLF, none is longer than 998 octets.
        parameters: What the server must be told with the sender: SMTPUTF8, BODY=8BITMIME.
    """

    sender: str
    recipient: str
    content: bytes
    parameters: tuple[str, ...] = ()

    @cached_property
    def commands(self) -> tuple[bytes, ...]:
        """MAIL, RCPT and DATA."""
        mail = " ".join((f"MAIL FROM:<{self.sender}>", *self.parameters))
        return f"{mail}\r\n".encode(), f"RCPT TO:<{self.recipient}>\r\n".encode(), DATA

    @property
    def stuffed(self) -> bytes:
        """The content as it follows DATA, with its final dot (RFC 5321, 4.5.2)."""
        return self.content.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def write(mail: Mail, settings: Settings, extensions: Collection[str] = ()) -> Envelope:
    """Writes out a delivery's mail; down the same line, the same delivery is the same mail to the octet.

    Args:
        mail: The delivery's mail.
        settings: Who sends it.
        extensions: What the mail server knows beyond the basics, in capitals.

    Raises:
        UnusableAddressError: The delivery's address is none, or the mail server takes none like it.
    """
    recipient = usable(mail.address or "")
    international = not recipient.isascii()
    if international and "SMTPUTF8" not in extensions:
        raise UnusableAddressError("The mail server takes no address like this (SMTPUTF8).")
    rendered = render(mail.facts)
    head = b"".join(
        (
            _fixed_head(settings.mail_from_name, settings.mail_from_address, settings.helpdesk_address),
            f"To: {recipient}\r\n".encode(),
            text_field("Subject", rendered.subject),
            date_field(mail.dated_at),
            f"Message-ID: {mail.message_id}\r\nContent-Language: {rendered.language.lower()}\r\n".encode("ascii"),
        )
    )
    eight_bit = "8BITMIME" in extensions
    content = alternatives(head, rendered.text, rendered.html, mail.message_id, eight_bit=eight_bit)
    needed = {"SMTPUTF8": international, "BODY=8BITMIME": eight_bit and not content.isascii()}
    sender = usable(return_path(settings, mail.delivery_id, mail.sending, mail.message_id))
    return Envelope(sender, recipient, content, tuple(name for name, needs in needed.items() if needs))


@lru_cache
def _fixed_head(name: str, address: str, helpdesk: str) -> bytes:
    """The fields that are the same in every mail."""
    head = EmailMessage(policy=SMTP)
    head["From"] = mailbox(address, name)
    head["Reply-To"] = mailbox(helpdesk)
    # One list for all that this application sends, by which mail programs sort and filter.
    head["List-Id"] = f"e-Contracting <notifications.{mailbox(address).domain}>"
    head["Auto-Submitted"] = "auto-generated"
    # Exchange heeds only this one; an answer saying that somebody is out of office helps nobody at the helpdesk.
    head["X-Auto-Response-Suppress"] = "All"
    return fields(head)


def mailbox(address: str, name: str = "") -> Address:
    """The address and a name, as a field of the head takes them.

    Raises:
        UnusableAddressError: It is no address.
    """
    local, _, domain = usable(address).rpartition("@")
    return Address(name, local, domain)


def usable(address: str) -> str:
    """The address with its domain in ASCII, as an envelope takes it.

    Raises:
        UnusableAddressError: It is no address.
    """
    local, _, domain = address.rpartition("@")
    if not _LOCAL.fullmatch(local) or len(local.encode()) > _LONGEST_LOCAL:
        raise UnusableAddressError("The address has no local part that can be written on an envelope.")
    try:
        return f"{local}@{domain_in_ascii(domain)}"
    except ValueError as error:
        raise UnusableAddressError("The address has no domain that can be written on an envelope.") from error
