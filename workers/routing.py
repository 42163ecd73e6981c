"""The outbox's notifications: claimed under a lease, and routed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from domain.database import database
from domain.rules.routing_freeze import route_notification
from workers.delivery import BATCH, LEASE
from workers.schedule import HOURLY, delay_after

log = structlog.get_logger()

_WAITS: Final = "n.status = 'PENDING' and n.due_at <= now() and (n.leased_until is null or n.leased_until <= now())"

_CLAIM: Final = f"""
with chosen as materialized (
  select id from (
    select n.id, n.due_at, row_number() over (partition by n.organisation_id order by n.due_at, n.id) as turn
    from notification n where {_WAITS} and ($2::bigint[] is null or n.id = any($2))
  ) waiting order by turn, due_at, id limit $1),
locked as materialized (
  select n.id from notification n where n.id in (select id from chosen) and {_WAITS} for update skip locked)
update notification n set attempt = attempt + 1, leased_until = now() + make_interval(secs => {LEASE})
from locked where n.id = locked.id
returning n.id, n.attempt"""

_POSTPONE: Final = """
update notification set due_at = now() + $3::interval, leased_until = null
where id = $1 and attempt = $2 and status = 'PENDING'"""


@dataclass(frozen=True, slots=True)
class NotificationClaim:
    """One notification that is ours for the length of a lease; `attempt` is the fence."""

    id: int
    attempt: int


async def claim_notifications(ids: Sequence[int] | None = None, limit: int = BATCH) -> list[NotificationClaim]:
    """Claims notifications that wait, one of each organisation in turn: of these only, when `ids` are given."""
    rows = await database().execute_query_dict(_CLAIM, [limit, None if ids is None else list(ids)])
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
