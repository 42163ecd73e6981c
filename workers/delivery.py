"""The outbox's deliveries: claimed under a lease, renewed, and settled with the attempt's number as a fence.

A claim raises `attempts`. Whatever is written afterwards names that number, so that a worker whose lease was taken
over can change nothing any more. An expired lease is taken over as soon as a sweep sees it; the retry schedule, which
goes by `failures`, has nothing to do with it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from domain.database import database
from workers.outcome import Outcome, Verdict
from workers.schedule import AFTER_LOSS, delay_after

LEASE: Final = 15
"""Seconds that a claim lasts unless it is renewed."""
BATCH: Final = 50
"""Mails that are claimed at once; they go down one connection."""
REPETITIONS: Final = 1
"""How often a mail that may have been taken is sent again."""

_WAITS: Final = f"""d.due_at <= now() and (
    d.status = 'PENDING' or d.status = 'UNCERTAIN' and d.losses <= {REPETITIONS}
    or d.status = 'SENDING' and d.leased_until <= now())"""

# The windows may be read while others claim; the lock and the condition are what counts.
_DUE: Final = f"""
select id from (
  select d.id, d.due_at, row_number() over (partition by d.organisation_id order by d.due_at, d.id) as turn
  from delivery d where {_WAITS}
) waiting order by turn, due_at, id limit $1"""

_OF_THESE: Final = f"""
select id from (
  select d.id from delivery d join routing r on r.id = d.routing_id
  where r.notification_id = any($2::bigint[]) and {_WAITS}
  union all
  select d.id from delivery d where d.letter_id = any($3::bigint[]) and {_WAITS}
) waiting order by id limit $1"""

_CLAIM: Final = """
with chosen as materialized ({chosen}),
locked as materialized (
  select d.id from delivery d where d.id in (select id from chosen) and {waits} for update skip locked)
update delivery d set status = 'SENDING', attempts = attempts + 1,
  leased_until = now() + make_interval(secs => {lease})
from locked where d.id = locked.id
returning d.id, d.attempts, d.failures, d.losses"""

_ANY_DUE: Final = f"select exists (select from delivery d where {_WAITS}) as answer"

_RENEW: Final = f"""
update delivery d set leased_until = now() + make_interval(secs => {LEASE})
from unnest($1::bigint[], $2::integer[]) as held (id, attempt)
where d.id = held.id and d.attempts = held.attempt and d.status = 'SENDING' returning d.id"""

_RELEASE: Final = """
update delivery d set status = case when d.losses > 0 then 'UNCERTAIN' else 'PENDING' end, leased_until = null
from unnest($1::bigint[], $2::integer[]) as held (id, attempt)
where d.id = held.id and d.attempts = held.attempt and d.status = 'SENDING'"""

_SETTLE: Final = """
update delivery set status = $3::text, failures = $4, losses = $5, last_error = $6,
  due_at = now() + coalesce($7::interval, '0'), leased_until = null,
  sent_at = case when $3::text = 'SENT' then clock_timestamp() end
where id = $1 and attempts = $2 and status = 'SENDING' returning id"""

_WITHDRAW: Final = """
with taken_back as (delete from delivery where id = $1 and attempts = $2 and status = 'SENDING' returning letter_id)
update letter l set withdrawn_at = coalesce(l.withdrawn_at, clock_timestamp())
from taken_back where l.id = taken_back.letter_id returning l.id"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery that is ours for the length of a lease.

    Attributes:
        id: The delivery's key.
        attempt: The fence.
        failures: How often it was turned down for now, before this attempt.
        losses: How often its connection was lost after the final dot, before this attempt.
    """

    id: int
    attempt: int
    failures: int
    losses: int


async def claim_due(limit: int = BATCH) -> list[Claim]:
    """Claims deliveries that wait, one of each organisation in turn."""
    return await _claim(_DUE, [limit])


async def claim_of(notification_ids: Sequence[int], letter_ids: Sequence[int] = (), limit: int = BATCH) -> list[Claim]:
    """Claims deliveries of these notifications and letters that wait."""
    return await _claim(_OF_THESE, [limit, list(notification_ids), list(letter_ids)])


async def _claim(chosen: str, values: list[object]) -> list[Claim]:
    statement = _CLAIM.format(lease=LEASE, chosen=chosen, waits=_WAITS)
    rows = await database().execute_query_dict(statement, values)
    claims = [Claim(row["id"], row["attempts"], row["failures"], row["losses"]) for row in rows]
    return sorted(claims, key=lambda claim: claim.id)


async def any_due() -> bool:
    """Does any delivery wait?"""
    [row] = await database().execute_query_dict(_ANY_DUE)
    return bool(row["answer"])


async def renew(claims: Collection[Claim]) -> set[int]:
    """Makes the leases last from now on; answers the keys of those that are still held."""
    rows = await database().execute_query_dict(_RENEW, _fences(claims))
    return {row["id"] for row in rows}


async def release(claims: Collection[Claim]) -> None:
    """Gives back deliveries that were not tried, for anyone to claim at once."""
    await database().execute_query(_RELEASE, _fences(claims))


async def settle(claim: Claim, outcome: Outcome) -> bool:
    """Writes what came of a try; answers whether it counted, which it doesn't once the claim was taken over."""
    failures, losses, status, wait = claim.failures, claim.losses, "SENT", None
    match outcome.verdict:
        case Verdict.DEFERRED:
            failures += 1
            wait = delay_after(failures)
            status = "FAILED" if wait is None else "UNCERTAIN" if losses else "PENDING"
        case Verdict.REFUSED:
            status = "FAILED"
        case Verdict.LOST:
            losses += 1
            status, wait = "UNCERTAIN", AFTER_LOSS
    values = [claim.id, claim.attempt, status, failures, losses, outcome.error, wait]
    return bool(await database().execute_query_dict(_SETTLE, values))


async def withdraw(claim: Claim) -> bool:
    """Takes back a mail that is no longer true, and notes it on its letter; answers whether it counted."""
    return bool(await database().execute_query_dict(_WITHDRAW, [claim.id, claim.attempt]))


def _fences(claims: Collection[Claim]) -> list[list[int]]:
    return [[claim.id for claim in claims], [claim.attempt for claim in claims]]
