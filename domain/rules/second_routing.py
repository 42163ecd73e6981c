"""The second routing: when no mail of the first could be delivered, from the next level on (domain section 6).

Code that records a failed or bounced mail need not know of this. New failures are found in the database by
`delivery.weighed_at`, which is set in the transaction of the second routing that they lead to, so none is missed after
a crash. If the last two failures of a routing are recorded at the same time, the one committed last is examined when
both are visible.
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
"""How many failures are read at once."""

_UNWEIGHED: Final = """
select d.id, d.routing_id from delivery d
where d.status in ('FAILED', 'BOUNCED') and d.weighed_at is null and d.routing_id is not null and d.id > $1
order by d.id limit $2"""

# If another worker holds the lock, it is examining the routing, and this one skips it.
_LOCK_ROUTING: Final = """
select r.id, r.notification_id, r.level, r.position from routing r where r.id = $1 for no key update skip locked"""

# Locked against retries by hand. A delivery that fails from here on is examined later.
_LOCK_FAILURES: Final = """
select id from delivery where routing_id = $1 and status in ('FAILED', 'BOUNCED') order by id for update"""

_DELIVERIES: Final = "select id, status, address, weighed_at from delivery where routing_id = $1"

_MARK_WEIGHED: Final = "update delivery set weighed_at = clock_timestamp() where id = any($1::bigint[])"


async def route_undelivered(message_domain: str) -> int:
    """Examines every new failure, and routes notifications once more that reached nobody.

    Args:
        message_domain: The part of the Message-IDs after the @.

    Returns:
        How many failures were examined.
    """
    weighed = last_id = 0
    while failures := await database().execute_query_dict(_UNWEIGHED, [last_id, BATCH]):
        for routing_id in dict.fromkeys(row["routing_id"] for row in failures):
            try:
                weighed += await _weigh_failures(routing_id, message_domain)
            except Exception:  # one routing must not hold up the others; it is retried at the next run
                log.exception("second_routing_failed", routing_id=routing_id)
        last_id = failures[-1]["id"]
    return weighed


async def _weigh_failures(routing_id: int, message_domain: str) -> int:
    """Examines the failures of one routing, and routes once more if all mails failed; returns how many."""
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
    following = await transaction.execute_query_dict("select from routing where follows_id = $1", [routing["id"]])
    return not following
