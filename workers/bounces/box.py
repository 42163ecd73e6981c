"""The box for mails that came back, read from beginning to end."""

from collections import Counter
from email.message import Message
from typing import BinaryIO

import structlog

from domain.rules.bounce import BounceOutcome, ReturnedMail, take_back
from settings import Settings
from workers.bounces.mailboxes import opened_mailbox
from workers.bounces.returned_mail import read_returned

log = structlog.get_logger()

IGNORED = "IGNORED"
"""No report about a mail of ours: an answer, a receipt, a complaint, something else."""


async def read_bounces(
    place: str, standard_input: BinaryIO, settings: Settings, recipient: str | None, *, remove: bool
) -> dict[str, int]:
    """Marks the deliveries whose mails came back; what is no such report is counted and passed over.

    Args:
        place: An mbox file, a Maildir, or `-` for the input.
        standard_input: The input.
        settings: Which addresses are ours.
        recipient: The envelope's recipient, where the mail server tells it beside the mail.
        remove: Whether those that were read are to be taken out of the mailbox.

    Returns:
        How many mails there were, by what came of each.

    Raises:
        MailboxError: The mailbox can't be read.
    """
    counts: Counter[str] = Counter()
    with opened_mailbox(place, standard_input, remove=remove) as mails:
        for mail in mails:
            returned = _read(mail, settings, recipient)
            outcome = await take_back(returned) if returned else IGNORED
            counts[outcome] += 1
            log.info("bounce_read", outcome=outcome, delivery_id=returned.delivery_id if returned else None)
    return {outcome: counts[outcome] for outcome in (*BounceOutcome, IGNORED)}


def _read(mail: Message, settings: Settings, recipient: str | None) -> ReturnedMail | None:
    try:
        return read_returned(mail, settings, recipient)
    except RecursionError:
        # Anybody may write to the box: the others are to be read.
        log.warning("bounce_unreadable", exc_info=True)
        return None
