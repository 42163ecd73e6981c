"""What the holder of claims writes to the outbox: renewed and released leases, withdrawals, and outcomes.

Every statement compares the attempts of the claims, so that a worker can't change a delivery that it no longer holds.
It locks the deliveries in the order of their ids, like every transaction that changes several (decision 0049).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from domain.database.connection import database
from domain.delivery_status import DeliveryStatus
from workers.outbox.delivery_claims import DeliveryClaim
from workers.outbox.retry_schedule import DELAY_AFTER_LOSS, retry_delay
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
  last_error = error, due_at = now() + make_interval(secs => delay), leased_until = null,
  sent_at = case when new_status = 'SENT' then clock_timestamp() end
from held join unnest($1::bigint[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::float8[])
  as outcome (key, new_status, new_failures, new_losses, error, delay) on key = held.id
where d.id = held.id
returning d.id, d.status, extract(epoch from d.sent_at - coalesce(
  (select n.occurred_at from routing r join notification n on n.id = r.notification_id where r.id = d.routing_id),
  (select l.written_at from letter l where l.id = d.letter_id)))::float8 as latency"""

# The letters are locked in order, too: two workers may hold mails of the same letters.
_WITHDRAW: Final = f"""{_HELD},
withdrawn as (
  delete from delivery d using held where d.id = held.id returning d.id, d.letter_id),
locked_letter as materialized (
  select l.id from letter l where l.id in (select letter_id from withdrawn) order by l.id for no key update),
updated_letter as (
  update letter l set withdrawn_at = coalesce(l.withdrawn_at, clock_timestamp())
  from locked_letter where l.id = locked_letter.id)
select id from withdrawn"""


class Settlement(NamedTuple):
    """A claim and the outcome of its attempt."""

    claim: DeliveryClaim
    outcome: Outcome


async def renew(claims: Collection[DeliveryClaim], seconds: float) -> set[int]:
    """Extends the leases to a number of seconds from now; returns the ids of the deliveries that are still held."""
    rows = await database().execute_query_dict(_RENEW, [*_ids_and_fences(claims), seconds])
    return {row["id"] for row in rows}


async def release(claims: Collection[DeliveryClaim]) -> None:
    """Releases deliveries without an outcome; they can be claimed again at once."""
    await database().execute_query(_RELEASE, _ids_and_fences(claims))


async def withdraw(claims: Collection[DeliveryClaim]) -> set[int]:
    """Deletes deliveries that are no longer true, and marks their letters; returns the ids of those still held."""
    rows = await database().execute_query_dict(_WITHDRAW, _ids_and_fences(claims))
    return {row["id"] for row in rows}


@dataclass(frozen=True, slots=True)
class SettledDelivery:
    """A delivery after the outcome of an attempt was written.

    Attributes:
        status: Its status.
        latency: Seconds from the commit of the event to the mail server's reply; None unless it was sent.
    """

    status: DeliveryStatus
    latency: float | None


async def settle(settlements: Sequence[Settlement]) -> dict[int, SettledDelivery]:
    """Writes the outcomes of several attempts together; returns the deliveries that were still held, by id.

    Nothing is written for a delivery that another worker has taken over.
    """
    columns = zip(*(_settlement_row(*each) for each in settlements), strict=True)
    rows = await database().execute_query_dict(_SETTLE, [list(column) for column in columns])
    return {row["id"]: SettledDelivery(DeliveryStatus(row["status"]), row["latency"]) for row in rows}


def _settlement_row(
    claim: DeliveryClaim, outcome: Outcome
) -> tuple[int, int, DeliveryStatus, int, int, str | None, float]:
    """The parameters for one settlement: id, fence, status, failures, losses, error, and seconds until it is due."""
    failures, losses, status, delay = claim.failures, claim.losses, DeliveryStatus.SENT, None
    match outcome.verdict:
        case Verdict.DEFERRED:
            failures += 1
            delay = retry_delay(failures)
            retry_status = DeliveryStatus.UNCERTAIN if losses else DeliveryStatus.PENDING
            status = DeliveryStatus.FAILED if delay is None else retry_status
        case Verdict.REFUSED:
            status = DeliveryStatus.FAILED
        case Verdict.LOST:
            losses += 1
            status, delay = DeliveryStatus.UNCERTAIN, DELAY_AFTER_LOSS
    seconds = delay.total_seconds() + outcome.pause if delay else 0.0
    return claim.id, claim.attempt, status, failures, losses, outcome.error, seconds


def _ids_and_fences(claims: Collection[DeliveryClaim]) -> list[list[int]]:
    return [[claim.id for claim in claims], [claim.attempt for claim in claims]]
