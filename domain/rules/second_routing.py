"""The second routing: when no mail of the first could be delivered, from the next level on (domain section 6).

Whoever notes that a mail failed or bounced needs to know nothing of this. Failures that nobody has weighed yet are
found by what stands in the database, so none is missed, whatever crashes: a failure is weighed in one transaction with
the second routing that it leads to. Of two last failures that are noted at the same time, the one that is committed
last is weighed with both in sight.
"""

from collections import Counter
from typing import Any, Final

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from domain.database.connection import database
from domain.delivery_status import DeliveryStatus
from domain.locking import ADDRESSING
from domain.models.notification import NotificationLevel
from domain.rules.routing import Undelivered
from domain.rules.routing_freeze import EVENT, freeze

log = structlog.get_logger()

BATCH: Final = 100
"""Failures that are looked for at once."""

_UNWEIGHED: Final = """
select d.id, d.routing_id from delivery d
where d.status in ('FAILED', 'BOUNCED') and d.weighed_at is null and d.routing_id is not null and d.id > $1
order by d.id limit $2"""

# Whoever finds it locked leaves it to the one who holds it: either way it is weighed.
_FIRST: Final = """
select r.id, r.notification_id, r.level, r.position from routing r where r.id = $1 for no key update skip locked"""

# None of them is tried again by hand meanwhile. One that fails from here on is weighed by itself.
_LOCK_FAILURES: Final = """
select id from delivery where routing_id = $1 and status in ('FAILED', 'BOUNCED') order by id for update"""

_ITS_DELIVERIES: Final = "select id, status, address, weighed_at from delivery where routing_id = $1"

_WEIGHED: Final = "update delivery set weighed_at = clock_timestamp() where id = any($1::bigint[])"


async def route_undelivered(message_domain: str) -> int:
    """Weighs every failure that nobody has weighed yet, and routes once more what reached nobody.

    Args:
        message_domain: What stands to the right of the @ in the Message-IDs.

    Returns:
        How many failures were weighed.
    """
    weighed = passed = 0
    while found := await database().execute_query_dict(_UNWEIGHED, [passed, BATCH]):
        for routing_id in dict.fromkeys(row["routing_id"] for row in found):
            try:
                weighed += await _weigh(routing_id, message_domain)
            except Exception:  # one that can't be routed must not hold up the others; it is tried again next time
                log.exception("second_routing_failed", routing_id=routing_id)
        passed = found[-1]["id"]
    return weighed


async def _weigh(routing_id: int, message_domain: str) -> int:
    async with in_transaction() as transaction:
        await transaction.execute_query(ADDRESSING)
        found = await transaction.execute_query_dict(_FIRST, [routing_id])
        if not found:
            return 0
        [routing] = found
        held = {row["id"] for row in await transaction.execute_query_dict(_LOCK_FAILURES, [routing_id])}
        deliveries = await transaction.execute_query_dict(_ITS_DELIVERIES, [routing_id])
        statuses = Counter(DeliveryStatus(each["status"]) for each in deliveries if each["id"] in held)
        undelivered = Undelivered(
            routing_id,
            NotificationLevel(routing["level"]),
            tuple(each["address"] for each in deliveries if each["address"]),
            failed=statuses[DeliveryStatus.FAILED],
            bounced=statuses[DeliveryStatus.BOUNCED],
        )
        if undelivered.failed + undelivered.bounced == len(deliveries) and await _goes_on(transaction, routing):
            await _route_again(transaction, routing["notification_id"], undelivered, message_domain)
        weighed = [each["id"] for each in deliveries if each["id"] in held and each["weighed_at"] is None]
        await transaction.execute_query(_WEIGHED, [weighed])
    return len(weighed)


async def _goes_on(transaction: BaseDBAsyncClient, routing: dict[str, Any]) -> bool:
    """Is there a second routing after this one? The contract's own address is exclusive, and there is never a third."""
    if routing["position"] > 1 or routing["level"] == NotificationLevel.CONTRACT:
        return False
    followed = "select from routing where follows_id = $1"
    return not await transaction.execute_query_dict(followed, [routing["id"]])


async def _route_again(
    transaction: BaseDBAsyncClient, notification_id: int, undelivered: Undelivered, message_domain: str
) -> None:
    [notification] = await transaction.execute_query_dict(EVENT, [notification_id])
    decision = await freeze(transaction, notification, message_domain, undelivered)
    log.info(
        "routed_once_more",
        notification_id=notification_id,
        after=undelivered.level,
        level=decision.level,
        deliveries=len(decision.recipients),
    )
