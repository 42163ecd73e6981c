"""Warnings before rights end (manual 2.1.3): to their holders, and once a day to the access managers.

Days are those of the database's clock. Any number of workers may write letters at once: a unique key of the outbox
ensures that each is written once.
"""

from typing import Final

from domain.actor import SYSTEM
from domain.actor_transaction import actor_transaction
from domain.locking import LOCK_ADDRESSES_SHARED
from domain.models.user import Language
from domain.rules.access_manager_contacts import ACCESS_MANAGERS, access_manager_contacts
from domain.rules.letters import create_letter_deliveries
from domain.rules.recipients import Contact

DAYS_BEFORE: Final = (30, 7, 1)
"""How many days before the last day the user is warned."""
AHEAD: Final = max(DAYS_BEFORE)
"""How far ahead the access managers' digest looks, in days."""
BATCH: Final = 50
"""How many letters are written in one transaction."""

EXPIRING: Final = f"""access_right r
  join work_relation w on w.id = r.work_relation_id
  join work_relation_period p on p.work_relation_id = w.id
   and brussels_today() between p.valid_from and p.valid_until and p.valid_until <= brussels_today() + {AHEAD}
   and not exists (select from work_relation_period q where q.work_relation_id = w.id and q.valid_until > p.valid_until)
  where r.revoked_at is null"""
"""FROM and WHERE: the rights (`r`) that count today and end soon, with their work relation (`w`) and period (`p`)."""

# If several warnings are due, only the one nearest to the last day is sent. A warning is skipped if its day had already
# come when the right was granted, when the period began, or when the last day was set.
_WARNINGS: Final = f"""
insert into letter (kind, organisation_id, work_relation_id, access_right_id, last_day, days_before)
select 'RIGHT_EXPIRES', w.organisation_id, w.id, r.id, p.valid_until, nearest.days
from (select * from unnest(array{list(DAYS_BEFORE)}) days) nearest, {EXPIRING} and w.email is not null
  and nearest.days = (
    select min(d) from unnest(array{list(DAYS_BEFORE)}) d where p.valid_until - d <= brussels_today())
  and p.valid_until - nearest.days > greatest(
    p.valid_from, p.last_day_given_on, (r.granted_at at time zone 'Europe/Brussels')::date)
  and not exists (select from letter l where l.kind = 'RIGHT_EXPIRES' and l.access_right_id = r.id
    and l.last_day = p.valid_until and l.days_before = nearest.days)
order by r.id limit $1
on conflict do nothing
returning id, organisation_id"""

_RECIPIENTS: Final = """
select l.id, w.user_id, w.email, u.language
from letter l join work_relation w on w.id = l.work_relation_id join person u on u.id = w.user_id
where l.id = any($1::bigint[])"""

_DIGESTS: Final = f"""
insert into letter (kind, organisation_id, day)
select 'EXPIRY_DIGEST', o.id, brussels_today() from organisation o
where o.id in (select w.organisation_id from {EXPIRING})
  and o.id in (select organisation_id from ({ACCESS_MANAGERS}) manager)
  and not exists (select from letter l where l.kind = 'EXPIRY_DIGEST' and l.organisation_id = o.id
    and l.day = brussels_today())
order by o.id limit $1
on conflict do nothing
returning id, organisation_id"""


async def write_expiry_warnings() -> int:
    """Writes to people whose right ends in 30 days, 7 days or 1 day, at their work relation's address.

    Each warning is written once, by right, last day and number of days. A missed one is written late, unless a nearer
    one is due; none is written when the right has ended.

    Returns:
        How many were written, at most `BATCH`; 0 when there is nothing left to write.
    """
    async with actor_transaction(SYSTEM) as act:
        await act.database.execute_query(LOCK_ADDRESSES_SHARED)
        letters = await act.database.execute_query_dict(_WARNINGS, [BATCH])
        recipients = await act.database.execute_query_dict(_RECIPIENTS, [[letter["id"] for letter in letters]])
        await create_letter_deliveries(act, letters, {row["id"]: (_contact(row),) for row in recipients})
    return len(letters)


async def write_expiry_digests() -> int:
    """Writes to the access managers of organisations where rights end within 30 days, once a day.

    Returns:
        For how many organisations, at most `BATCH`; 0 when there is nothing left to write.
    """
    async with actor_transaction(SYSTEM) as act:
        await act.database.execute_query(LOCK_ADDRESSES_SHARED)
        letters = await act.database.execute_query_dict(_DIGESTS, [BATCH])
        managers = await access_manager_contacts(act.database, [letter["organisation_id"] for letter in letters])
        contacts = {letter["id"]: managers.get(letter["organisation_id"], ()) for letter in letters}
        await create_letter_deliveries(act, letters, contacts)
    return len(letters)


def _contact(row: dict[str, str | int | None]) -> Contact:
    language = Language(str(row["language"])) if row["language"] else None
    return Contact(str(row["email"]), user_id=int(row["user_id"] or 0), language=language)
