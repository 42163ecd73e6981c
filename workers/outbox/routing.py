"""The outbox's notifications: claimed under a lease, and routed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from domain.database.connection import database
from domain.rules.notification_routing import route_notification
from settings import settings
from workers.outbox.claims import BATCH
from workers.outbox.schedule import HOURLY, delay_after
from workers.outbox.turns import Queues

log = structlog.get_logger()

# Word for word what the index `notification_queue` holds.
WAITS: Final = "status = 'PENDING'"
_QUEUES: Final = Queues("notification", ("organisation_id",), WAITS)

_OF_THESE: Final = f"""
select id from notification where id = any($2::bigint[]) and {WAITS} and claimable_at <= now()
order by id limit $1 for update skip locked"""

_CLAIM: Final = """
with chosen as materialized ({chosen})
update notification n set attempt = attempt + 1, leased_until = now() + make_interval(secs => {lease})
from chosen where n.id = chosen.id
returning n.id, n.attempt, n.organisation_id"""

_POSTPONE: Final = """
update notification set due_at = now() + $3::interval, leased_until = null
where id = $1 and attempt = $2 and status = 'PENDING'"""


@dataclass(frozen=True, slots=True)
class NotificationClaim:
    """One notification that is ours for the length of a lease; `attempt` is the fence."""

    id: int
    attempt: int


class NotificationTurns:
    """Whose turn it is: each organisation's notifications are a queue, and one worker serves them in turn."""

    def __init__(self) -> None:
        self._served = 0

    async def claim(self, limit: int = BATCH) -> list[NotificationClaim]:
        """Claims notifications that wait, from the organisation on that follows the one served last."""
        rows = await _claimed(_QUEUES.in_turn(), [limit, self._served])
        if not rows and self._served:
            self._served = 0
            rows = await _claimed(_QUEUES.in_turn(), [limit, 0])
        self._served = max((row["organisation_id"] for row in rows), default=0)
        return _claims(rows)


async def claim_notifications(ids: Sequence[int], limit: int = BATCH) -> list[NotificationClaim]:
    """Claims those of these notifications that wait."""
    return _claims(await _claimed(_OF_THESE, [limit, list(ids)]))


async def _claimed(chosen: str, values: list[object]) -> list[dict[str, Any]]:
    statement = _CLAIM.format(lease=settings().mail_lease_seconds, chosen=chosen)
    return await database().execute_query_dict(statement, values)


def _claims(rows: list[dict[str, Any]]) -> list[NotificationClaim]:
    return sorted((NotificationClaim(row["id"], row["attempt"]) for row in rows), key=lambda claim: claim.id)


async def route(claim: NotificationClaim, message_domain: str) -> None:
    """Decides and freezes a notification's routing; what goes wrong is logged and tried again later.

    Args:
        claim: The notification.
        message_domain: What stands to the right of the @ in the Message-IDs.
    """
    try:
        decision = await route_notification(claim.id, attempt=claim.attempt, message_domain=message_domain)
    except Exception:  # one notification that can't be routed must not hold up the others
        log.exception("routing_failed", notification_id=claim.id, attempt=claim.attempt)
        wait = delay_after(claim.attempt) or HOURLY
        await database().execute_query(_POSTPONE, [claim.id, claim.attempt, wait])
        return
    if decision is not None:
        log.info("routed", notification_id=claim.id, level=decision.level, deliveries=len(decision.recipients))
