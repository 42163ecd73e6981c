"""Reads the mailbox for bounces, and marks the deliveries whose mails came back."""

from collections import Counter
from email.message import Message
from typing import BinaryIO

import structlog

from domain.rules.bounce import BounceOutcome, ReturnedMail, record_bounce
from settings import Settings
from workers.bounces.mailboxes import open_mailbox
from workers.bounces.returned_mail import parse_returned_mail

log = structlog.get_logger()

IGNORED = "IGNORED"
"""The count of mails that report nothing about a mail of ours: replies, receipts, complaints, anything else."""


async def read_bounces(
    location: str, standard_input: BinaryIO, settings: Settings, recipient: str | None, *, remove: bool
) -> dict[str, int]:
    """Marks the deliveries whose mails came back; other mails are counted and ignored.

    Args:
        location: An mbox file, a Maildir, or `-` for the standard input.
        standard_input: The standard input.
        settings: Our own addresses.
        recipient: The envelope's recipient, if the mail server passes it beside the mail.
        remove: Whether the mails that were read are removed from the mailbox.

    Returns:
        The number of mails by outcome.

    Raises:
        MailboxError: The mailbox can't be read.
    """
    counts: Counter[str] = Counter()
    with open_mailbox(location, standard_input, remove=remove) as mails:
        for mail in mails:
            returned_mail = _parse(mail, settings, recipient)
            outcome = await record_bounce(returned_mail) if returned_mail else IGNORED
            counts[outcome] += 1
            log.info("bounce_read", outcome=outcome, delivery_id=returned_mail.delivery_id if returned_mail else None)
    return {outcome: counts[outcome] for outcome in (*BounceOutcome, IGNORED)}


def _parse(mail: Message, settings: Settings, recipient: str | None) -> ReturnedMail | None:
    try:
        return parse_returned_mail(mail, settings, recipient)
    except RecursionError:
        # Anybody may write to the mailbox: one mail must not stop the others.
        log.warning("bounce_unreadable", exc_info=True)
        return None
