"""Composes the mail object of a delivery: its envelope, and its content as it goes over the wire."""

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
from workers.composing.mail import Mail
from workers.composing.mime import encode_date_header, encode_headers, encode_text_header, multipart_alternative

DATA: Final = b"DATA\r\n"
_LOCAL_PART: Final = re.compile(r"[^\s\x00-\x1f\x7f<>()\[\]:;,\\\"@]+")
_MAX_LOCAL_PART: Final = 64
"""Octets of a local part (RFC 5321, 4.5.3.1.1)."""


class UnusableAddressError(ValueError):
    """The address is invalid, was erased, or is not supported by the mail server."""


@dataclass(frozen=True)
class MailObject:
    """One mail for one recipient, ready to be sent: an envelope and a content (RFC 5321, 2.3.1).

    Attributes:
        sender: The envelope's sender; its domain is in ASCII.
        recipient: The envelope's recipient; its domain is in ASCII.
        content: The headers and bodies; lines end in CRLF, none is longer than 998 octets.
        mail_parameters: The parameters of the MAIL command: SMTPUTF8, BODY=8BITMIME.
    """

    sender: str
    recipient: str
    content: bytes
    mail_parameters: tuple[str, ...] = ()

    @cached_property
    def envelope_commands(self) -> tuple[bytes, ...]:
        """MAIL, RCPT and DATA."""
        mail = " ".join((f"MAIL FROM:<{self.sender}>", *self.mail_parameters))
        return f"{mail}\r\n".encode(), f"RCPT TO:<{self.recipient}>\r\n".encode(), DATA

    @property
    def dot_stuffed_content(self) -> bytes:
        """The content as it is sent after DATA, with its final dot (RFC 5321, 4.5.2)."""
        return self.content.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def compose(mail: Mail, settings: Settings, extensions: Collection[str] = ()) -> MailObject:
    """Composes a delivery's mail; with the same extensions, the same delivery gives the same octets.

    Args:
        mail: The delivery's mail.
        settings: The sender's names and addresses.
        extensions: The extensions that the mail server offers, in capitals.

    Raises:
        UnusableAddressError: The delivery's address is invalid, or not supported by the mail server.
    """
    recipient = normalise_address(mail.address or "")
    needs_smtputf8 = not recipient.isascii()
    if needs_smtputf8 and "SMTPUTF8" not in extensions:
        raise UnusableAddressError("The mail server doesn't support addresses like this (SMTPUTF8).")
    rendered = render(mail.facts)
    headers = b"".join(
        (
            _fixed_headers(settings.mail_from_name, settings.mail_from_address, settings.helpdesk_address),
            f"To: {recipient}\r\n".encode(),
            encode_text_header("Subject", rendered.subject),
            encode_date_header(mail.dated_at),
            f"Message-ID: {mail.message_id}\r\nContent-Language: {rendered.language.lower()}\r\n".encode("ascii"),
        )
    )
    eight_bit = "8BITMIME" in extensions
    content = multipart_alternative(headers, rendered.text, rendered.html, mail.message_id, eight_bit=eight_bit)
    parameters = {"SMTPUTF8": needs_smtputf8, "BODY=8BITMIME": eight_bit and not content.isascii()}
    sender = normalise_address(return_path(settings, mail.delivery_id, mail.sending, mail.message_id))
    return MailObject(sender, recipient, content, tuple(name for name, needed in parameters.items() if needed))


@lru_cache
def _fixed_headers(name: str, address: str, helpdesk: str) -> bytes:
    """The headers that are the same in every mail."""
    message = EmailMessage(policy=SMTP)
    message["From"] = mailbox(address, name)
    message["Reply-To"] = mailbox(helpdesk)
    # One list for all mails of this application, by which mail programs sort and filter.
    message["List-Id"] = f"e-Contracting <notifications.{mailbox(address).domain}>"
    message["Auto-Submitted"] = "auto-generated"
    # The only such header that Exchange honours; the helpdesk doesn't need out-of-office replies.
    message["X-Auto-Response-Suppress"] = "All"
    return encode_headers(message)


def mailbox(address: str, name: str = "") -> Address:
    """The address and a display name, as the value of a header.

    Raises:
        UnusableAddressError: The address is invalid.
    """
    local_part, _, domain = normalise_address(address).rpartition("@")
    return Address(name, local_part, domain)


def normalise_address(address: str) -> str:
    """The address with its domain in ASCII, for an envelope.

    Raises:
        UnusableAddressError: The address is invalid.
    """
    local_part, _, domain = address.rpartition("@")
    if not _LOCAL_PART.fullmatch(local_part) or len(local_part.encode()) > _MAX_LOCAL_PART:
        raise UnusableAddressError("The address has no valid local part.")
    try:
        return f"{local_part}@{domain_in_ascii(domain)}"
    except ValueError as error:
        raise UnusableAddressError("The address has no valid domain.") from error
