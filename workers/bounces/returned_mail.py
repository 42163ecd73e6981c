"""Parses a mail that came back: a delivery status notification (RFC 3464), or what a server sends in place of one.

Only the action `failed` counts. Out-of-office replies, receipts and complaints say nothing of whether the mail arrived.
"""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from email.utils import parseaddr
from typing import Final

import structlog
from flufl.bounce import all_failures

from domain.rules.bounce import ReportedAction, ReportedRecipient, ReturnedMail
from settings import Settings
from workers.bounces.return_path import ReturnPath, parse_return_path
from workers.smtp.address_redaction import redact_addresses

log = structlog.get_logger()

# The report is sent to the mail's return path; the headers in which the mail server records that come first.
_RECIPIENT_HEADERS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
# The standard actions, and those of servers that deviate from it (OpenSMTPD: error).
_ACTIONS: Final = {
    "failed": ReportedAction.FAILED,
    "failure": ReportedAction.FAILED,
    "error": ReportedAction.FAILED,
    "delayed": ReportedAction.DELAYED,
    "delivered": ReportedAction.DELIVERED,
    "relayed": ReportedAction.DELIVERED,
    "expanded": ReportedAction.DELIVERED,
}
_RECIPIENT_FIELDS: Final = ("Original-Recipient", "Final-Recipient")
_TYPE_PREFIX: Final = re.compile(r"^\s*[a-z0-9-]+\s*;\s*", re.IGNORECASE)
_NO_REASON: Final = "The mail came back."


def parse_returned_mail(mail: Message, settings: Settings, recipient: str | None = None) -> ReturnedMail | None:
    """What a mail in the mailbox for bounces reports about one of our mails.

    Args:
        mail: The mail.
        settings: Our own addresses.
        recipient: The envelope's recipient, if the mail server passes it beside the mail.

    Returns:
        The report; None if the mail is no report, or doesn't identify a mail.
    """
    path = _find_return_path(mail, settings, recipient)
    recipients = tuple(_find_recipients(mail))
    if not recipients and path and _is_sent_by_server(mail) and _looks_like_failure(mail):
        recipients = (ReportedRecipient(ReportedAction.FAILED, _NO_REASON),)
    if not recipients:
        return None
    if path:
        return ReturnedMail(recipients, path.delivery_id, path.sending, path.random)
    message_id = _find_message_id(mail)
    return ReturnedMail(recipients, message_id=message_id) if message_id else None


def _find_return_path(mail: Message, settings: Settings, recipient: str | None) -> ReturnPath | None:
    recipients = [value for name in _RECIPIENT_HEADERS for value in mail.get_all(name, ())]
    paths = (parse_return_path(parseaddr(str(each))[1], settings) for each in (recipient or "", *recipients))
    return next((path for path in paths if path), None)


def _find_recipients(mail: Message) -> Iterator[ReportedRecipient]:
    for part in mail.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            # Groups of fields: first those about the mail, then those of each recipient.
            for fields in part.get_payload() if part.is_multipart() else ():
                recipient = _parse_recipient(fields) if isinstance(fields, Message) else None
                if recipient:
                    yield recipient


def _parse_recipient(fields: Message) -> ReportedRecipient | None:
    # Some servers add a remark after the action, or in brackets.
    action = re.match(r"[a-z]+", str(fields.get("Action", "")).strip().lower())
    reported_action = _ACTIONS.get(action[0]) if action else None
    if reported_action is None:
        return None
    addresses = (_TYPE_PREFIX.sub("", str(fields[name] or "")).strip("<> ") for name in _RECIPIENT_FIELDS)
    reason, spellings = _parse_reason(fields), tuple(address for address in addresses if "@" in address)
    return ReportedRecipient(reported_action, reason, spellings)


def _parse_reason(fields: Message) -> str:
    """The reason, without addresses: it is stored for longer than they are."""
    status = str(fields.get("Status", "")).split("(")[0].strip()
    diagnostic = _TYPE_PREFIX.sub("", str(fields.get("Diagnostic-Code", "")))
    reason = diagnostic if status in diagnostic else f"{status} {diagnostic}"
    return redact_addresses(reason) or _NO_REASON


def _is_sent_by_server(mail: Message) -> bool:
    """Whether it may be a report: people's replies have an envelope sender, automatic ones declare themselves."""
    is_reply = str(mail.get("Auto-Submitted", "no")).lower().startswith("auto-replied") or any(
        name in mail for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id")
    )
    return not is_reply and mail.get("Return-Path", "<>").strip() in ("<>", "")


def _looks_like_failure(mail: Message) -> bool:
    """Whether it has one of the many non-standard forms of a report of failure."""
    try:
        _, failed = all_failures(mail)
    except Exception:  # one malformed mail must not stop the others
        log.warning("bounce_unreadable", exc_info=True)
        return False
    return bool(failed)


def _find_message_id(mail: Message) -> str | None:
    """The Message-ID of the mail, or of the mail's headers, that the report returns."""
    for part in mail.walk():
        headers: Message | None = None
        payload = part.get_payload()
        if part.get_content_type() in ("message/rfc822", "message/global") and isinstance(payload, list):
            headers = payload[0] if isinstance(payload[0], Message) else None
        elif part.get_content_type() in ("text/rfc822-headers", "message/global-headers"):
            text = part.get_payload(decode=True)
            headers = HeaderParser().parsestr(text.decode("utf-8", "replace")) if isinstance(text, bytes) else None
        message_id = str(headers["Message-ID"] or "").strip() if headers is not None else ""
        if message_id and message_id.isprintable():  # a text column can hold no other, and we write none
            return message_id
    return None
