"""Bounces: finds the delivery whose mail came back, and marks it as bounced once (domain section 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from domain.delivery_status import UNDELIVERED, DeliveryStatus
from domain.rules.recipients import address_key


class ReportedAction(StrEnum):
    """What a mail server did for one recipient: the field Action of a report (RFC 3464, 2.3.3)."""

    FAILED = "FAILED"
    DELAYED = "DELAYED"
    DELIVERED = "DELIVERED"
    """Delivered, handed on to another server, or expanded into several recipients."""


class BounceOutcome(StrEnum):
    """The outcome of a report."""

    BOUNCED = "BOUNCED"
    """The delivery is now marked as bounced."""
    KNOWN = "KNOWN"
    """It had failed or bounced already."""
    OVERTAKEN = "OVERTAKEN"
    """The report is about an earlier sending; the mail has been sent again since, or is going to be."""
    DELAYED = "DELAYED"
    """The mail is still under way."""
    DELIVERED = "DELIVERED"
    """The mail arrived."""
    UNKNOWN = "UNKNOWN"
    """There is no such delivery, or the author of the report never saw its mail."""


@dataclass(frozen=True, slots=True)
class ReportedRecipient:
    """What is reported about one recipient.

    Attributes:
        action: What the server did.
        diagnostic: Why, on one line and without addresses.
        addresses: The recipient as the report spells it, originally and finally.
    """

    action: ReportedAction
    diagnostic: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """The contents of a report: the recipients, and what identifies the mail.

    A mail is identified by the delivery's key and the random id, or by the Message-ID.

    Attributes:
        recipients: What is reported, for each recipient.
        delivery_id: The delivery's key, from the return path.
        sending: The number of the sending, from the return path.
        random: The random id, the left part of the Message-ID, from the return path.
        message_id: The Message-ID in the returned headers.
    """

    recipients: tuple[ReportedRecipient, ...]
    delivery_id: int | None = None
    sending: int | None = None
    random: str | None = None
    message_id: str | None = None


_LOCK_BY_KEY: Final = """
select id, status, attempts - failures as sending, address from delivery
where id = $1 and lower(split_part(ltrim(message_id, '<'), '@', 1)) = $2 for update"""

_LOCK_BY_MESSAGE_ID: Final = (
    "select id, status, attempts - failures as sending, address from delivery where message_id = $1 for update"
)

_MARK_BOUNCED: Final = """
update delivery set status = 'BOUNCED', last_error = $2, leased_until = null, weighed_at = null where id = $1"""

_ACCEPTED: Final = (DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN)


async def record_bounce(returned: ReturnedMail) -> BounceOutcome:
    """Marks the delivery whose mail came back as bounced; a repeated report changes nothing.

    `domain.rules.second_routing` finds bounced deliveries, and routes their notification again if necessary.

    Args:
        returned: The report. Anyone can write one, so the delivery is identified by ids that only its mail contains.
    """
    async with in_transaction() as transaction:
        delivery = await _lock_delivery(transaction, returned)
        if delivery is None:
            return BounceOutcome.UNKNOWN
        recipient = _report_about(delivery["address"], returned.recipients)
        if recipient.action is not ReportedAction.FAILED:
            return BounceOutcome(recipient.action)
        if delivery["status"] in UNDELIVERED:
            return BounceOutcome.KNOWN
        if not _is_about_the_latest_sending(returned, delivery):
            return BounceOutcome.OVERTAKEN
        await transaction.execute_query(_MARK_BOUNCED, [delivery["id"], recipient.diagnostic])
        return BounceOutcome.BOUNCED


def _is_about_the_latest_sending(returned: ReturnedMail, delivery: Mapping[str, Any]) -> bool:
    latest, status = int(delivery["sending"]), delivery["status"]
    if status == DeliveryStatus.SENDING:
        # The mail may come back before its worker has recorded that it was sent. The status doesn't tell, so the report
        # must name the sending.
        return returned.sending == latest
    return status in _ACCEPTED and returned.sending in (None, latest)


async def _lock_delivery(transaction: BaseDBAsyncClient, returned: ReturnedMail) -> dict[str, Any] | None:
    if returned.delivery_id is not None:
        rows = await transaction.execute_query_dict(_LOCK_BY_KEY, [returned.delivery_id, returned.random])
    else:
        rows = await transaction.execute_query_dict(_LOCK_BY_MESSAGE_ID, [returned.message_id])
    return rows[0] if rows else None


def _report_about(address: str | None, recipients: Sequence[ReportedRecipient]) -> ReportedRecipient:
    """The report about our recipient; if it isn't named, about those to whom the mail was forwarded.

    A mail that was delivered to one of them counts as delivered.
    """
    ours = [each for each in recipients if address and address_key(address) in map(address_key, each.addresses)]
    order = (ReportedAction.DELIVERED, ReportedAction.FAILED, ReportedAction.DELAYED)
    return min(ours or recipients, key=lambda each: order.index(each.action))
