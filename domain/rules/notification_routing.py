"""The routing of a notification, decided once and stored: level, addresses and reasons (domain section 6)."""

from typing import Any, Final

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from domain.locking import LOCK_ADDRESSES_SHARED
from domain.models.notification import NotificationStatus, NotificationTrigger
from domain.rules.delivery_creation import OutgoingMail, create_deliveries
from domain.rules.routing import FailedRouting, RoutingDecision, decide_routing
from domain.rules.routing_candidates import Event, load_candidates

SELECT_EVENT: Final = """
select n.id, n.trigger, n.contract_id, n.organisation_id, n.released_by_id, d.theme_id
from notification n
left join message m on m.id = n.message_id
left join action a on a.id = n.action_id
left join document d on d.id = coalesce(n.document_id, m.document_id, a.document_id)
where n.id = $1"""
"""Reads the notification with key $1, as `create_routing` takes it."""

_LOCK_PENDING: Final = f"{SELECT_EVENT} and n.attempt = $2 and n.status = 'PENDING' for update of n"

_INSERT_ROUTING: Final = """
insert into routing (notification_id, position, level, explanation, follows_id) values ($1, $2, $3, $4::jsonb, $5)
returning id"""

_SET_STATUS: Final = "update notification set status = $2, leased_until = null where id = $1"


async def route_notification(notification_id: int, *, attempt: int, message_domain: str) -> RoutingDecision | None:
    """Routes a pending notification, and stores the decision and its deliveries in the same transaction.

    Args:
        notification_id: The notification's key.
        attempt: The fence: the number of the caller's claim.
        message_domain: The part of the Message-IDs after the @.

    Returns:
        The decision; None when the notification was already routed, or was claimed by another worker since.
    """
    async with in_transaction() as transaction:
        await transaction.execute_query(LOCK_ADDRESSES_SHARED)
        pending = await transaction.execute_query_dict(_LOCK_PENDING, [notification_id, attempt])
        if not pending:
            return None
        decision = await create_routing(transaction, pending[0], message_domain)
        status = NotificationStatus.ROUTED if decision.recipients else NotificationStatus.SUPPRESSED
        await transaction.execute_query(_SET_STATUS, [notification_id, status])
    return decision


async def create_routing(
    transaction: BaseDBAsyncClient,
    notification: dict[str, Any],
    message_domain: str,
    failed_routing: FailedRouting | None = None,
) -> RoutingDecision:
    """Decides a routing by the current data, and stores it with its deliveries.

    Args:
        transaction: The transaction, which holds `LOCK_ADDRESSES_SHARED`.
        notification: A row of `SELECT_EVENT`.
        message_domain: The part of the Message-IDs after the @.
        failed_routing: The first routing, if this is the second.
    """
    event = Event(
        NotificationTrigger(notification["trigger"]),
        notification["contract_id"],
        notification["theme_id"],
        notification["released_by_id"],
    )
    decision = decide_routing(event, await load_candidates(event, transaction), failed_routing)
    explanation = orjson.dumps(decision.explanation).decode()
    position, follows = (2, failed_routing.routing_id) if failed_routing else (1, None)
    values = [notification["id"], position, decision.level, explanation, follows]
    [routing] = await transaction.execute_query_dict(_INSERT_ROUTING, values)
    mail = OutgoingMail(notification["organisation_id"], decision.recipients, routing_id=routing["id"])
    await create_deliveries(transaction, [mail], message_domain)
    return decision
