"""Reads a mail that came back: a delivery status notification (RFC 3464), or what a server sends in place of one.

Only what the standard calls failed counts. That somebody is out of office, a receipt or a complaint tells nothing of
whether the mail arrived.
"""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from email.utils import parseaddr
from typing import Final

import structlog
from flufl.bounce import all_failures

from domain.rules.bounce import Fate, ReturnedMail, ReturnedRecipient
from settings import Settings
from workers.bounces.return_path import ReturnPath, read_return_path
from workers.smtp.addressless import without_addresses

log = structlog.get_logger()

# The report goes to the mail's return path; what the mail server notes about that comes first.
_RECEIVED_FOR: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
# Servers that know no better call it an error (OpenSMTPD).
_FATES: Final = {
    "failed": Fate.FAILED,
    "failure": Fate.FAILED,
    "error": Fate.FAILED,
    "delayed": Fate.DELAYED,
    "delivered": Fate.DELIVERED,
    "relayed": Fate.DELIVERED,
    "expanded": Fate.DELIVERED,
}
_OF_RECIPIENT: Final = ("Original-Recipient", "Final-Recipient")
_TYPE: Final = re.compile(r"^\s*[a-z0-9-]+\s*;\s*", re.IGNORECASE)
_UNEXPLAINED: Final = "The mail came back."


def read_returned(mail: Message, settings: Settings, recipient: str | None = None) -> ReturnedMail | None:
    """What a mail in the box for bounces tells of one of ours.

    Args:
        mail: The mail.
        settings: Which addresses are ours.
        recipient: The envelope's recipient, where the mail server tells it beside the mail.

    Returns:
        What is reported; None when it is no report, or nobody can tell about which mail.
    """
    path = _return_path(mail, settings, recipient)
    recipients = tuple(_reported(mail))
    if not recipients and path and _comes_from_a_server(mail) and _looks_like_a_failure(mail):
        recipients = (ReturnedRecipient(Fate.FAILED, _UNEXPLAINED),)
    if not recipients:
        return None
    if path:
        return ReturnedMail(recipients, path.delivery_id, path.sending, path.random)
    message_id = _returned_message_id(mail)
    return ReturnedMail(recipients, message_id=message_id) if message_id else None


def _return_path(mail: Message, settings: Settings, recipient: str | None) -> ReturnPath | None:
    received_for = [value for name in _RECEIVED_FOR for value in mail.get_all(name, ())]
    paths = (read_return_path(parseaddr(str(each))[1], settings) for each in (recipient or "", *received_for))
    return next((path for path in paths if path), None)


def _reported(mail: Message) -> Iterator[ReturnedRecipient]:
    for part in mail.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            # Groups of fields: first those about the mail, then those of each recipient.
            for fields in part.get_payload() if part.is_multipart() else ():
                reported = _recipient(fields) if isinstance(fields, Message) else None
                if reported:
                    yield reported


def _recipient(fields: Message) -> ReturnedRecipient | None:
    # Some add a remark behind the word, or in brackets.
    action = re.match(r"[a-z]+", str(fields.get("Action", "")).strip().lower())
    fate = _FATES.get(action[0]) if action else None
    if fate is None:
        return None
    spelt = (_TYPE.sub("", str(fields[name] or "")).strip("<> ") for name in _OF_RECIPIENT)
    return ReturnedRecipient(fate, _diagnostic(fields), tuple(address for address in spelt if "@" in address))


def _diagnostic(fields: Message) -> str:
    """The reason, which is kept longer than the address."""
    status = str(fields.get("Status", "")).split("(")[0].strip()
    said = _TYPE.sub("", str(fields.get("Diagnostic-Code", "")))
    whole = said if status in said else f"{status} {said}"
    return without_addresses(whole) or _UNEXPLAINED


def _comes_from_a_server(mail: Message) -> bool:
    """Whether it may be a report: people's answers have a sender, and programs that answer for them say so."""
    answers_for_somebody = str(mail.get("Auto-Submitted", "no")).lower().startswith("auto-replied") or any(
        name in mail for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id")
    )
    return not answers_for_somebody and mail.get("Return-Path", "<>").strip() in ("<>", "")


def _looks_like_a_failure(mail: Message) -> bool:
    """Whether it is no standard report, but has one of the many forms that servers have made up."""
    try:
        _, failed = all_failures(mail)
    except Exception:  # whatever somebody sends, the others are to be read
        log.warning("bounce_unreadable", exc_info=True)
        return False
    return bool(failed)


def _returned_message_id(mail: Message) -> str | None:
    """The Message-ID in the mail, or in its head, that the report brings back."""
    for part in mail.walk():
        head: Message | None = None
        payload = part.get_payload()
        if part.get_content_type() in ("message/rfc822", "message/global") and isinstance(payload, list):
            head = payload[0] if isinstance(payload[0], Message) else None
        elif part.get_content_type() in ("text/rfc822-headers", "message/global-headers"):
            text = part.get_payload(decode=True)
            head = HeaderParser().parsestr(text.decode("utf-8", "replace")) if isinstance(text, bytes) else None
        message_id = str(head["Message-ID"] or "").strip() if head is not None else ""
        if message_id and message_id.isprintable():  # a table can hold no other, and we write none
            return message_id
    return None
