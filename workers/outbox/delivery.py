"""What the holder of claimed deliveries writes: longer leases, returns, and what came of each try.

Every statement names each claim's attempt, so that nothing counts that a worker says of a mail it holds no more. It
locks its mails in the order of their keys, as everyone does who changes several (decision 0049).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from domain.database.connection import database
from domain.delivery_status import DeliveryStatus
from workers.outbox.claims import Claim
from workers.outbox.schedule import AFTER_LOSS, delay_after
from workers.smtp.outcome import Outcome, Verdict

_HELD: Final = """with held as materialized (
  select d.id from delivery d join unnest($1::bigint[], $2::integer[]) as claim (id, attempt)
    on d.id = claim.id and d.attempts = claim.attempt and d.status = 'SENDING'
  order by d.id for no key update of d)"""

_RENEW: Final = f"""{_HELD}
update delivery d set leased_until = now() + make_interval(secs => $3)
from held where d.id = held.id returning d.id"""

_RELEASE: Final = f"""{_HELD}
update delivery d set status = case when d.losses > 0 then 'UNCERTAIN' else 'PENDING' end, leased_until = null
from held where d.id = held.id"""

_SETTLE: Final = f"""{_HELD}
update delivery d set status = new_status, failures = new_failures, losses = new_losses,
  last_error = error, due_at = now() + make_interval(secs => wait), leased_until = null,
  sent_at = case when new_status = 'SENT' then clock_timestamp() end
from held join unnest($1::bigint[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::float8[])
  as outcome (key, new_status, new_failures, new_losses, error, wait) on key = held.id
where d.id = held.id
returning d.id, d.status, extract(epoch from d.sent_at - coalesce(
  (select n.occurred_at from routing r join notification n on n.id = r.notification_id where r.id = d.routing_id),
  (select l.written_at from letter l where l.id = d.letter_id)))::float8 as seconds"""

# The letters in an order, too: two workers may each have mails of the same ones.
_WITHDRAW: Final = f"""{_HELD},
taken_back as (
  delete from delivery d using held where d.id = held.id returning d.id, d.letter_id),
told as materialized (
  select l.id from letter l where l.id in (select letter_id from taken_back) order by l.id for no key update),
noted as (
  update letter l set withdrawn_at = coalesce(l.withdrawn_at, clock_timestamp()) from told where l.id = told.id)
select id from taken_back"""


class Settlement(NamedTuple):
    """One claim and what came of its try."""

    claim: Claim
    outcome: Outcome


async def renew(claims: Collection[Claim], seconds: float) -> set[int]:
    """Makes the leases last so many seconds from now on; answers the keys of those that are still held."""
    rows = await database().execute_query_dict(_RENEW, [*_fences(claims), seconds])
    return {row["id"] for row in rows}


async def release(claims: Collection[Claim]) -> None:
    """Gives back deliveries of which nothing is to be noted, for anyone to claim at once."""
    await database().execute_query(_RELEASE, _fences(claims))


async def withdraw(claims: Collection[Claim]) -> set[int]:
    """Takes back mails that are no longer true, and notes it on their letters; answers the keys that counted."""
    rows = await database().execute_query_dict(_WITHDRAW, _fences(claims))
    return {row["id"] for row in rows}


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the outbox of a delivery after a try that counted.

    Attributes:
        status: What became of it.
        seconds: How long it took from the commit of what it tells to the mail server's answer; None unless it was sent.
    """

    status: DeliveryStatus
    seconds: float | None


async def settle(settlements: Sequence[Settlement]) -> dict[int, Written]:
    """Writes what came of some tries, together; answers what stands there of those that counted, by key.

    One doesn't count once its claim was taken over.
    """
    written = zip(*(_written(*each) for each in settlements), strict=True)
    rows = await database().execute_query_dict(_SETTLE, [list(column) for column in written])
    return {row["id"]: Written(DeliveryStatus(row["status"]), row["seconds"]) for row in rows}


def _written(claim: Claim, outcome: Outcome) -> tuple[int, int, DeliveryStatus, int, int, str | None, float]:
    """One row of a settlement: key, fence, status, failures, losses, error, and seconds until it is due."""
    failures, losses, status, wait = claim.failures, claim.losses, DeliveryStatus.SENT, None
    match outcome.verdict:
        case Verdict.DEFERRED:
            failures += 1
            wait = delay_after(failures)
            again = DeliveryStatus.UNCERTAIN if losses else DeliveryStatus.PENDING
            status = DeliveryStatus.FAILED if wait is None else again
        case Verdict.REFUSED:
            status = DeliveryStatus.FAILED
        case Verdict.LOST:
            losses += 1
            status, wait = DeliveryStatus.UNCERTAIN, AFTER_LOSS
    seconds = wait.total_seconds() + outcome.pause if wait else 0.0
    return claim.id, claim.attempt, status, failures, losses, outcome.error, seconds


def _fences(claims: Collection[Claim]) -> list[list[int]]:
    return [[claim.id for claim in claims], [claim.attempt for claim in claims]]
