"""The second routing: when no mail of the first could be delivered, from the next level on (domain section 6).

Code that records a failed or bounced mail needs to know nothing of this. Failures that haven't been weighed yet
(`delivery.weighed_at`) are found in the database, so none is missed after a crash: a failure is weighed in one
transaction with the second routing that it leads to. Of the last two failures of a routing, recorded at the same time,
the one that is committed last is weighed with both in sight.
"""

from collections import Counter
from typing import Any, Final

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from domain.database.connection import database
from domain.delivery_status import DeliveryStatus
from domain.locking import LOCK_ADDRESSES_SHARED
from domain.models.notification import NotificationLevel
from domain.rules.notification_routing import SELECT_EVENT, create_routing
from domain.rules.routing import FailedRouting

log = structlog.get_logger()

BATCH: Final = 100
"""Failures that are read at once."""

_UNWEIGHED: Final = """
select d.id, d.routing_id from delivery d
where d.status in ('FAILED', 'BOUNCED') and d.weighed_at is null and d.routing_id is not null and d.id > $1
order by d.id limit $2"""

# A worker that finds it locked leaves it to the one that holds the lock: either way it is weighed.
_LOCK_ROUTING: Final = """
select r.id, r.notification_id, r.level, r.position from routing r where r.id = $1 for no key update skip locked"""

# None of them is retried by hand meanwhile. One that fails from here on is weighed by itself.
_LOCK_FAILURES: Final = """
select id from delivery where routing_id = $1 and status in ('FAILED', 'BOUNCED') order by id for update"""

_DELIVERIES: Final = "select id, status, address, weighed_at from delivery where routing_id = $1"

_MARK_WEIGHED: Final = "update delivery set weighed_at = clock_timestamp() where id = any($1::bigint[])"


async def route_undelivered(message_domain: str) -> int:
    """Weighs every failure that hasn't been weighed yet, and routes notifications once more that reached nobody.

    Args:
        message_domain: What stands to the right of the @ in the Message-IDs.

    Returns:
        How many failures were weighed.
    """
    weighed = last_id = 0
    while failures := await database().execute_query_dict(_UNWEIGHED, [last_id, BATCH]):
        for routing_id in dict.fromkeys(row["routing_id"] for row in failures):
            try:
                weighed += await _weigh_failures(routing_id, message_domain)
            except Exception:  # one that can't be routed must not hold up the others; it is tried again next time
                log.exception("second_routing_failed", routing_id=routing_id)
        last_id = failures[-1]["id"]
    return weighed


async def _weigh_failures(routing_id: int, message_domain: str) -> int:
    """Weighs the failures of one routing, and routes once more if nothing of it was delivered; answers how many."""
    async with in_transaction() as transaction:
        await transaction.execute_query(LOCK_ADDRESSES_SHARED)
        locked = await transaction.execute_query_dict(_LOCK_ROUTING, [routing_id])
        if not locked:
            return 0
        [routing] = locked
        failed_ids = {row["id"] for row in await transaction.execute_query_dict(_LOCK_FAILURES, [routing_id])}
        deliveries = await transaction.execute_query_dict(_DELIVERIES, [routing_id])
        statuses = Counter(DeliveryStatus(each["status"]) for each in deliveries if each["id"] in failed_ids)
        failed_routing = FailedRouting(
            routing_id,
            NotificationLevel(routing["level"]),
            tuple(each["address"] for each in deliveries if each["address"]),
            failed=statuses[DeliveryStatus.FAILED],
            bounced=statuses[DeliveryStatus.BOUNCED],
        )
        if failed_routing.failed + failed_routing.bounced == len(deliveries):
            await _route_again(transaction, routing, failed_routing, message_domain)
        weighed = [each["id"] for each in deliveries if each["id"] in failed_ids and each["weighed_at"] is None]
        await transaction.execute_query(_MARK_WEIGHED, [weighed])
    return len(weighed)


async def _route_again(
    transaction: BaseDBAsyncClient, routing: dict[str, Any], failed_routing: FailedRouting, message_domain: str
) -> None:
    if not await _can_route_again(transaction, routing):
        return
    notification_id = routing["notification_id"]
    [notification] = await transaction.execute_query_dict(SELECT_EVENT, [notification_id])
    decision = await create_routing(transaction, notification, message_domain, failed_routing)
    log.info(
        "routed_once_more",
        notification_id=notification_id,
        after=failed_routing.level,
        level=decision.level,
        deliveries=len(decision.recipients),
    )


async def _can_route_again(transaction: BaseDBAsyncClient, routing: dict[str, Any]) -> bool:
    """May a second routing follow this one? The contract's own address is exclusive, and there is never a third."""
    if routing["position"] > 1 or routing["level"] == NotificationLevel.CONTRACT:
        return False
    followed = "select from routing where follows_id = $1"
    return not await transaction.execute_query_dict(followed, [routing["id"]])
