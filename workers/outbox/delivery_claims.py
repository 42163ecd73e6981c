"""Claims on the deliveries of the outbox: leased, fair between organisations, and as fast however many are waiting.

A claim increments `attempts`. Later writes compare that number as a fence, so that a worker whose lease was taken over
can't change the delivery. An expired lease is taken over at the next sweep, independently of the retry schedule, which
depends on `failures`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.database.connection import database
from settings import settings
from workers.metrics import CLAIMED
from workers.outbox.fair_queues import FairQueues

BATCH_SIZE: Final = 50
"""The number of mails that are claimed together, and sent over one connection."""
MAX_REPETITIONS: Final = 1
"""The maximum number of times that a mail that may have been accepted is sent again."""

# The same words as in the index `delivery_queue`. Until a lease expires, `claimable_at` is in the future.
DELIVERY_IS_WAITING: Final = f"status in ('PENDING', 'SENDING') or status = 'UNCERTAIN' and losses <= {MAX_REPETITIONS}"

_QUEUES: Final = FairQueues("delivery", ("organisation_id", "domain"), DELIVERY_IS_WAITING)
_SELECT_IN_TURN: Final = _QUEUES.select_in_turn(excluded="queue.domain = any($4::text[])")

_EXISTS_DUE: Final = _QUEUES.exists_due("0, ''")

_SELECT_OF_EVENTS: Final = f"""
select id from delivery where id in (
  select d.id from delivery d join routing r on r.id = d.routing_id where r.notification_id = any($2::bigint[])
  union all
  select d.id from delivery d where d.letter_id = any($3::bigint[]))
and ({DELIVERY_IS_WAITING}) and claimable_at <= now() and not domain = any($4::text[])
order by id limit $1 for update skip locked"""

_CLAIM: Final = """
with selected as materialized ({select})
update delivery d set status = 'SENDING', attempts = attempts + 1,
  leased_until = now() + make_interval(secs => {lease})
from selected where d.id = selected.id
returning d.id, d.attempts, d.failures, d.losses, d.organisation_id, d.domain"""


@dataclass(frozen=True, slots=True)
class DeliveryClaim:
    """A delivery that this worker holds for the duration of a lease.

    Attributes:
        id: The delivery's id.
        attempt: The fence.
        failures: The number of earlier attempts that were rejected temporarily, or interrupted before the final dot.
        losses: The number of earlier attempts whose connection was lost after the final dot.
        domain: The recipient's domain, in lower case.
    """

    id: int
    attempt: int
    failures: int
    losses: int
    domain: str


class DeliveryClaimer:
    """Claims deliveries round-robin: the mails of one organisation to one domain are a queue."""

    _BEFORE_ALL: Final = (0, "")

    def __init__(self) -> None:
        self._last_served = self._BEFORE_ALL

    async def claim(self, excluded_domains: Collection[str] = (), limit: int = BATCH_SIZE) -> list[DeliveryClaim]:
        """Claims waiting deliveries, beginning at the queue after the one served last.

        Args:
            excluded_domains: Domains that no mail may be sent to now.
            limit: The maximum number.
        """
        rows = await self._claim_rows(limit, excluded_domains)
        if not rows and self._last_served != self._BEFORE_ALL:
            self._last_served = self._BEFORE_ALL
            rows = await self._claim_rows(limit, excluded_domains)
        if rows:
            self._last_served = max((row["organisation_id"], row["domain"]) for row in rows)
        return _to_claims(rows)

    async def _claim_rows(self, limit: int, excluded_domains: Collection[str]) -> list[dict[str, Any]]:
        return await _claim(_SELECT_IN_TURN, [limit, *self._last_served, list(excluded_domains)])


async def has_due_deliveries() -> bool:
    """Is any delivery due?"""
    [row] = await database().execute_query_dict(_EXISTS_DUE)
    return bool(row["answer"])


async def claim_deliveries_of(
    notification_ids: Sequence[int],
    letter_ids: Sequence[int] = (),
    excluded_domains: Collection[str] = (),
    limit: int = BATCH_SIZE,
) -> list[DeliveryClaim]:
    """Claims waiting deliveries of these notifications and letters.

    Args:
        notification_ids: Ids of notifications.
        letter_ids: Ids of letters.
        excluded_domains: Domains that no mail may be sent to now.
        limit: The maximum number.
    """
    parameters = [limit, list(notification_ids), list(letter_ids), list(excluded_domains)]
    return _to_claims(await _claim(_SELECT_OF_EVENTS, parameters))


async def _claim(select: str, parameters: list[object]) -> list[dict[str, Any]]:
    statement = _CLAIM.format(lease=settings().mail_lease_seconds, select=select)
    rows = await database().execute_query_dict(statement, parameters)
    CLAIMED.inc(len(rows))
    return rows


def _to_claims(rows: list[dict[str, Any]]) -> list[DeliveryClaim]:
    claims = [DeliveryClaim(row["id"], row["attempts"], row["failures"], row["losses"], row["domain"]) for row in rows]
    return sorted(claims, key=lambda claim: claim.id)
