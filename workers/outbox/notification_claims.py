"""Claims on the notifications of the outbox that wait to be routed: leased, and fair between organisations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.database.connection import database
from settings import settings
from workers.outbox.delivery_claims import BATCH_SIZE
from workers.outbox.fair_queues import FairQueues

# The same words as in the index `notification_queue`.
NOTIFICATION_IS_WAITING: Final = "status = 'PENDING'"
_QUEUES: Final = FairQueues("notification", ("organisation_id",), NOTIFICATION_IS_WAITING)
_SELECT_IN_TURN: Final = _QUEUES.select_in_turn()

_SELECT_THESE: Final = f"""
select id from notification where id = any($2::bigint[]) and {NOTIFICATION_IS_WAITING} and claimable_at <= now()
order by id limit $1 for update skip locked"""

_CLAIM: Final = """
with selected as materialized ({select})
update notification n set attempt = attempt + 1, leased_until = now() + make_interval(secs => {lease})
from selected where n.id = selected.id
returning n.id, n.attempt, n.organisation_id"""


@dataclass(frozen=True, slots=True)
class NotificationClaim:
    """A notification that this worker holds for the duration of a lease; `attempt` is the fence."""

    id: int
    attempt: int


class NotificationClaimer:
    """Claims notifications round-robin: each organisation's notifications are a queue."""

    def __init__(self) -> None:
        self._last_served = 0

    async def claim(self, limit: int = BATCH_SIZE) -> list[NotificationClaim]:
        """Claims waiting notifications, beginning at the organisation after the one served last."""
        rows = await _claim(_SELECT_IN_TURN, [limit, self._last_served])
        if not rows and self._last_served:
            self._last_served = 0
            rows = await _claim(_SELECT_IN_TURN, [limit, 0])
        self._last_served = max((row["organisation_id"] for row in rows), default=0)
        return _to_claims(rows)


async def claim_notifications(ids: Sequence[int], limit: int = BATCH_SIZE) -> list[NotificationClaim]:
    """Claims those of these notifications that are waiting."""
    return _to_claims(await _claim(_SELECT_THESE, [limit, list(ids)]))


async def _claim(select: str, parameters: list[object]) -> list[dict[str, Any]]:
    statement = _CLAIM.format(lease=settings().mail_lease_seconds, select=select)
    return await database().execute_query_dict(statement, parameters)


def _to_claims(rows: list[dict[str, Any]]) -> list[NotificationClaim]:
    return sorted((NotificationClaim(row["id"], row["attempt"]) for row in rows), key=lambda claim: claim.id)
