"""Mails that came back: which delivery bounced, and that it is marked as such once (domain section 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from domain.delivery_status import UNDELIVERED, DeliveryStatus
from domain.rules.recipients import address_key


class Fate(StrEnum):
    """What a server reports about one recipient of a mail (RFC 3464, 2.3.3)."""

    FAILED = "FAILED"
    DELAYED = "DELAYED"
    DELIVERED = "DELIVERED"
    """Delivered, handed on to another server, or expanded into several recipients."""


class BounceOutcome(StrEnum):
    """What came of a report."""

    BOUNCED = "BOUNCED"
    """The delivery is marked."""
    KNOWN = "KNOWN"
    """It had failed or bounced already."""
    OVERTAKEN = "OVERTAKEN"
    """It is about an earlier sending; the mail has been sent again since, or waits for it."""
    DELAYED = "DELAYED"
    """It is still under way."""
    DELIVERED = "DELIVERED"
    """It tells that the mail arrived."""
    UNKNOWN = "UNKNOWN"
    """There is no such delivery, or whoever wrote the report never saw its mail."""


@dataclass(frozen=True, slots=True)
class ReturnedRecipient:
    """What is reported about one recipient.

    Attributes:
        fate: What became of the mail there.
        diagnostic: Why, on one line and without addresses.
        addresses: The recipient as the report spells it, originally and finally.
    """

    fate: Fate
    diagnostic: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """What a report tells of the mail that it is about; the key and the random id, or else the Message-ID.

    Attributes:
        recipients: What is reported, of one recipient or several.
        delivery_id: The delivery's key, from the return path.
        sending: Which sending, from the return path.
        random: What stands to the left of the @ in the Message-ID, from the return path.
        message_id: The Message-ID in the returned head.
    """

    recipients: tuple[ReturnedRecipient, ...]
    delivery_id: int | None = None
    sending: int | None = None
    random: str | None = None
    message_id: str | None = None


_BY_KEY: Final = """
select id, status, attempts - failures as sending, address from delivery
where id = $1 and lower(split_part(ltrim(message_id, '<'), '@', 1)) = $2 for update"""

_BY_MESSAGE_ID: Final = (
    "select id, status, attempts - failures as sending, address from delivery where message_id = $1 for update"
)

_BOUNCED: Final = """
update delivery set status = 'BOUNCED', last_error = $2, leased_until = null, weighed_at = null where id = $1"""

_TAKEN: Final = (DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN)


async def take_back(returned: ReturnedMail) -> BounceOutcome:
    """Marks the delivery whose mail came back as bounced; a report that comes again changes nothing.

    The second routing that may follow is found by `domain.rules.second_routing`.

    Args:
        returned: What was reported; anyone can write such a report, so the delivery must be named by what only its
            mail tells.
    """
    async with in_transaction() as transaction:
        delivery = await _find(transaction, returned)
        if delivery is None:
            return BounceOutcome.UNKNOWN
        recipient = _about(delivery["address"], returned.recipients)
        if recipient.fate is not Fate.FAILED:
            return BounceOutcome(recipient.fate)
        if delivery["status"] in UNDELIVERED:
            return BounceOutcome.KNOWN
        if not _is_about_the_latest_sending(returned, delivery):
            return BounceOutcome.OVERTAKEN
        await transaction.execute_query(_BOUNCED, [delivery["id"], recipient.diagnostic])
        return BounceOutcome.BOUNCED


def _is_about_the_latest_sending(returned: ReturnedMail, delivery: Mapping[str, Any]) -> bool:
    latest, status = int(delivery["sending"]), delivery["status"]
    if status == DeliveryStatus.SENDING:
        # It may come back before its worker has written that it left: only a report that names the sending tells which.
        return returned.sending == latest
    return status in _TAKEN and returned.sending in (None, latest)


async def _find(transaction: BaseDBAsyncClient, returned: ReturnedMail) -> dict[str, Any] | None:
    if returned.delivery_id is not None:
        found = await transaction.execute_query_dict(_BY_KEY, [returned.delivery_id, returned.random])
    else:
        found = await transaction.execute_query_dict(_BY_MESSAGE_ID, [returned.message_id])
    return found[0] if found else None


def _about(address: str | None, recipients: Sequence[ReturnedRecipient]) -> ReturnedRecipient:
    """What the report says of our recipient, or where it doesn't name it, of those that the mail was passed on to.

    A mail that arrived with one of them has arrived.
    """
    ours = [each for each in recipients if address and address_key(address) in map(address_key, each.addresses)]
    named = ours or list(recipients)
    order = (Fate.DELIVERED, Fate.FAILED, Fate.DELAYED)
    return min(named, key=lambda each: order.index(each.fate))
