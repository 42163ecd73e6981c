"""Mails for operators: a filtered list with the status of each."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from domain.database.connection import database
from domain.delivery_status import DeliveryStatus


@dataclass(frozen=True, slots=True)
class MailFilter:
    """A filter of mails; empty attributes match all.

    Attributes:
        statuses: The mails' statuses.
        enterprise_number: The organisation's number, ten digits.
        max_age: The maximum time since the mail was created.
        min_age: The minimum time since the mail was created.
    """

    statuses: tuple[DeliveryStatus, ...] = ()
    enterprise_number: str | None = None
    max_age: timedelta | None = None
    min_age: timedelta | None = None

    @property
    def values(self) -> list[Any]:
        """The parameters $1 to $4 of a statement with `_FILTER`."""
        return [list(self.statuses), self.enterprise_number, self.max_age, self.min_age]


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail, as lists show it; moments are UTC.

    Attributes:
        id: The delivery's key.
        notification_id: The key of the notification; None for a letter.
        letter_id: The key of the letter; None for a notification.
        status: Its status.
        attempts: The number of attempts.
        organisation: The name of the organisation.
        enterprise_number: Its number, ten digits.
        contract: The contract's number; None for a letter.
        trigger: The event, or the letter's kind.
        level: The level of its routing; None for a letter.
        position: 1 for the first routing, 2 for the second; None for a letter.
        address: The recipient's address; None once erased.
        made_at: When it was put into the outbox.
        due_at: When the next attempt is due, if there is one.
        sent_at: When the mail server accepted it.
        last_error: The error of the last failed attempt.
    """

    id: int
    notification_id: int | None
    letter_id: int | None
    status: str
    attempts: int
    organisation: str
    enterprise_number: str
    contract: str | None
    trigger: str
    level: str | None
    position: int | None
    address: str | None
    made_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    last_error: str | None

    def masked(self) -> "MailRow":
        """The same with only the first letter of the address, and its domain."""
        local, at, domain = (self.address or "").rpartition("@")
        return replace(self, address=f"{local[:1]}…{at}{domain}") if self.address else self


_MAILS: Final = """
from delivery d join organisation o on o.id = d.organisation_id left join letter l on l.id = d.letter_id
left join (routing r join notification n on n.id = r.notification_id join contract c on c.id = n.contract_id)
  on r.id = d.routing_id"""

_COLUMNS: Final = """
d.id, n.id as notification_id, d.letter_id, d.status, d.attempts, o.name as organisation, o.enterprise_number,
c.number as contract, coalesce(n.trigger, l.kind) as trigger, r.level, r.position, d.address, d.dated_at as made_at,
case when d.status in ('PENDING', 'SENDING') or d.status = 'UNCERTAIN' and d.losses <= 1 then d.due_at end as due_at,
d.sent_at, d.last_error"""

_FILTER: Final = """
(cardinality($1::text[]) = 0 or d.status = any($1)) and ($2::text is null or o.enterprise_number = $2)
and ($3::interval is null or d.dated_at > now() - $3) and ($4::interval is null or d.dated_at <= now() - $4)"""


async def read_mails(mail_filter: MailFilter, limit: int) -> tuple[dict[str, int], list[MailRow]]:
    """The number of matching mails by status (every status is present), and the newest ones, newest first."""
    count_statement = f"select d.status, count(*) as number {_MAILS} where {_FILTER} group by d.status"
    counts = {
        row["status"]: row["number"] for row in await database().execute_query_dict(count_statement, mail_filter.values)
    }
    list_statement = f"select {_COLUMNS} {_MAILS} where {_FILTER} order by d.id desc limit $5"
    rows = await database().execute_query_dict(list_statement, [*mail_filter.values, limit])
    return {status: counts.get(status, 0) for status in DeliveryStatus}, [MailRow(**row) for row in rows]


async def read_letter_mail(delivery_id: int) -> MailRow | None:
    """The mail that carries a letter, by its key; None where there is none."""
    statement = f"select {_COLUMNS} {_MAILS} where d.id = $1 and d.letter_id is not null"
    rows = await database().execute_query_dict(statement, [delivery_id])
    return MailRow(**rows[0]) if rows else None


async def mail_keys(mail_filter: MailFilter) -> list[int]:
    """The keys of the matching mails, oldest first."""
    statement = f"select d.id {_MAILS} where {_FILTER} order by d.id"
    return [row["id"] for row in await database().execute_query_dict(statement, mail_filter.values)]


async def mails_of_notification(notification_id: int) -> list[MailRow]:
    """The mails of all routings of a notification, oldest first."""
    statement = f"select {_COLUMNS} {_MAILS} where n.id = $1 order by d.id"
    return [MailRow(**row) for row in await database().execute_query_dict(statement, [notification_id])]
