"""From what a mail says to the octets that go over the wire."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Final

from domain.mail_domain import domain_in_ascii
from mail_templates import render
from settings import Settings
from workers.mail import Mail
from workers.return_path import return_path

_LOCAL: Final = re.compile(r"[^\s\x00-\x1f\x7f<>()\[\]:;,\\\"@]+")


class UnusableAddressError(ValueError):
    """No mail can be written to this address: it is none, or was erased."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail for one recipient, ready to be sent.

    Attributes:
        sender: The envelope's sender; its domain is in ASCII.
        recipient: The envelope's recipient; its domain is in ASCII.
        content: The mail: lines end in CRLF, none is longer than 998 octets.
        international: Whether the recipient's local part needs SMTPUTF8.
    """

    sender: str
    recipient: str
    content: bytes
    international: bool


def write(told: Mail, settings: Settings) -> Envelope:
    """Writes out a delivery's mail; the same delivery always has the same Message-ID and Date.

    Raises:
        UnusableAddressError: The delivery's address is none.
    """
    sender = mailbox(settings.mail_from_address, settings.mail_from_name)
    recipient = mailbox(told.address or "")
    rendered = render(told.facts)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Reply-To"] = mailbox(settings.helpdesk_address)
    mail["Subject"] = rendered.subject
    mail["Date"] = told.dated_at
    mail["Message-ID"] = told.message_id
    # One list for all that this application sends, by which mail programs sort and filter.
    mail["List-Id"] = f"e-Contracting <notifications.{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    # Exchange heeds only this one; an answer saying that somebody is out of office helps nobody at the helpdesk.
    mail["X-Auto-Response-Suppress"] = "All"
    # Quoted-printable keeps every line short and within ASCII, whatever a title holds.
    mail.set_content(rendered.text, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = rendered.language.lower()
    international = not recipient.addr_spec.isascii()
    content = mail.as_bytes(policy=SMTPUTF8 if international else SMTP)
    back = mailbox(return_path(settings, told.delivery_id, told.attempt, told.message_id))
    return Envelope(back.addr_spec, recipient.addr_spec, content, international)


def mailbox(address: str, name: str = "") -> Address:
    """The address as a header and an envelope take it, with its domain in ASCII.

    Raises:
        UnusableAddressError: It is no address.
    """
    local, _, domain = address.rpartition("@")
    if not _LOCAL.fullmatch(local):
        raise UnusableAddressError("The address has no local part that can be written on an envelope.")
    try:
        return Address(name, local, domain_in_ascii(domain))
    except ValueError as error:
        raise UnusableAddressError("The address has no domain that can be written on an envelope.") from error
