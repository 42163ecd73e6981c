"""Routes a claimed notification, once."""

from typing import Final

import structlog

from domain.database.connection import database
from domain.rules.notification_routing import route_notification
from workers.outbox.notification_claims import NotificationClaim
from workers.outbox.retry_schedule import HOURLY, retry_delay

log = structlog.get_logger()

_POSTPONE: Final = """
update notification set due_at = now() + $3::interval, leased_until = null
where id = $1 and attempt = $2 and status = 'PENDING'"""


async def route(claim: NotificationClaim, message_domain: str) -> None:
    """Decides and stores a notification's routing; after an error, which is logged, it is retried later.

    Args:
        claim: The notification.
        message_domain: The domain of the Message-IDs.
    """
    try:
        decision = await route_notification(claim.id, attempt=claim.attempt, message_domain=message_domain)
    except Exception:  # one notification that can't be routed must not block the others
        log.exception("routing_failed", notification_id=claim.id, attempt=claim.attempt)
        delay = retry_delay(claim.attempt) or HOURLY
        await database().execute_query(_POSTPONE, [claim.id, claim.attempt, delay])
        return
    if decision is not None:
        log.info("routed", notification_id=claim.id, level=decision.level, deliveries=len(decision.recipients))
