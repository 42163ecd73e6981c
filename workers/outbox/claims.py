"""Claims on the outbox's deliveries: under a lease, fair between organisations, and flat however many wait.

A claim raises `attempts`. Whatever is written afterwards names that number, so that a worker whose lease was taken
over can change nothing any more. An expired lease is taken over as soon as a sweep sees it; the retry schedule, which
goes by `failures`, has nothing to do with it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.database.connection import database
from settings import settings
from workers.metrics import CLAIMED
from workers.outbox.turns import Queues

BATCH: Final = 50
"""Mails that are claimed at once; they go down one connection."""
REPETITIONS: Final = 1
"""How often a mail that may have been taken is sent again."""

# Word for word what the index `delivery_queue` holds; a lease that has not run out moves `claimable_at` ahead.
WAITS: Final = f"status in ('PENDING', 'SENDING') or status = 'UNCERTAIN' and losses <= {REPETITIONS}"

_QUEUES: Final = Queues("delivery", ("organisation_id", "domain"), WAITS)
_IN_TURN: Final = _QUEUES.in_turn(passed_over="walk.domain = any($4::text[])")

_ANY_DUE: Final = _QUEUES.any_due("0, ''")

_OF_THESE: Final = f"""
select id from delivery where id in (
  select d.id from delivery d join routing r on r.id = d.routing_id where r.notification_id = any($2::bigint[])
  union all
  select d.id from delivery d where d.letter_id = any($3::bigint[]))
and ({WAITS}) and claimable_at <= now() and not domain = any($4::text[]) order by id limit $1 for update skip locked"""

_CLAIM: Final = """
with chosen as materialized ({chosen})
update delivery d set status = 'SENDING', attempts = attempts + 1,
  leased_until = now() + make_interval(secs => {lease})
from chosen where d.id = chosen.id
returning d.id, d.attempts, d.failures, d.losses, d.organisation_id, d.domain"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery that is ours for the length of a lease.

    Attributes:
        id: The delivery's key.
        attempt: The fence.
        failures: How often it was turned down for now, or the mail server was lost over it, before this attempt.
        losses: How often its connection was lost after the final dot, before this attempt.
        domain: The domain that receives it, in small letters.
    """

    id: int
    attempt: int
    failures: int
    losses: int
    domain: str


class Turns:
    """Whose turn it is: each organisation's mails to each domain are a queue, and one worker serves them in turn."""

    _BEGINNING: Final = (0, "")

    def __init__(self) -> None:
        self._served = self._BEGINNING

    async def claim(self, passed_over: Collection[str] = (), limit: int = BATCH) -> list[Claim]:
        """Claims deliveries that wait, from the queue on that follows the one served last.

        Args:
            passed_over: Domains that nothing can be sent to now.
            limit: How many at most.
        """
        rows = await self._rows(limit, passed_over)
        if not rows and self._served != self._BEGINNING:
            self._served = self._BEGINNING
            rows = await self._rows(limit, passed_over)
        if rows:
            self._served = max((row["organisation_id"], row["domain"]) for row in rows)
        return _claims(rows)

    async def _rows(self, limit: int, passed_over: Collection[str]) -> list[dict[str, Any]]:
        return await _claimed(_IN_TURN, [limit, *self._served, list(passed_over)])


async def any_due() -> bool:
    """Does any delivery wait?"""
    [row] = await database().execute_query_dict(_ANY_DUE)
    return bool(row["answer"])


async def claim_of(
    notification_ids: Sequence[int],
    letter_ids: Sequence[int] = (),
    passed_over: Collection[str] = (),
    limit: int = BATCH,
) -> list[Claim]:
    """Claims deliveries of these notifications and letters that wait.

    Args:
        notification_ids: Keys of notifications.
        letter_ids: Keys of letters.
        passed_over: Domains that nothing can be sent to now.
        limit: How many at most.
    """
    return _claims(await _claimed(_OF_THESE, [limit, list(notification_ids), list(letter_ids), list(passed_over)]))


async def _claimed(chosen: str, values: list[object]) -> list[dict[str, Any]]:
    statement = _CLAIM.format(lease=settings().mail_lease_seconds, chosen=chosen)
    rows = await database().execute_query_dict(statement, values)
    CLAIMED.inc(len(rows))
    return rows


def _claims(rows: list[dict[str, Any]]) -> list[Claim]:
    claims = [Claim(row["id"], row["attempts"], row["failures"], row["losses"], row["domain"]) for row in rows]
    return sorted(claims, key=lambda claim: claim.id)
