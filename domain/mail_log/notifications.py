"""Notifications for operators: counts of all, and those without a mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.database.connection import database
from domain.mail_log.mails import MailFilter
from domain.models.notification import NotificationStatus


@dataclass(frozen=True, slots=True)
class UnmailedRow:
    """One notification without a mail.

    Attributes:
        id: Its key.
        status: `PENDING` before it is routed, `SUPPRESSED` if nobody is mailed.
        occurred_at: When, in UTC.
        organisation: The name of the organisation.
        enterprise_number: Its number, ten digits.
        contract: The contract's number.
        trigger: The event.
    """

    id: int
    status: str
    occurred_at: datetime
    organisation: str
    enterprise_number: str
    contract: str
    trigger: str


# The statuses of the filter are those of mails, and are ignored.
_FILTER: Final = """
from notification n join organisation o on o.id = n.organisation_id join contract c on c.id = n.contract_id
where ($1::text is null or o.enterprise_number = $1)
and ($2::interval is null or n.occurred_at > now() - $2) and ($3::interval is null or n.occurred_at <= now() - $3)"""

_COUNTS: Final = f"select n.status, count(*) as number {_FILTER} group by n.status"

_UNMAILED: Final = f"""
select n.id, n.status, n.occurred_at, o.name as organisation, o.enterprise_number, c.number as contract, n.trigger
{_FILTER} and n.status <> 'ROUTED' order by n.id desc limit $4"""


async def read_notifications(mail_filter: MailFilter, limit: int) -> tuple[dict[str, int], list[UnmailedRow]]:
    """The number of matching notifications by status (every status is present), and the newest without a mail.

    Args:
        mail_filter: Organisation and age; its statuses are those of mails, and are ignored.
        limit: The maximum number of notifications returned.
    """
    values = [mail_filter.enterprise_number, mail_filter.max_age, mail_filter.min_age]
    counts = {row["status"]: row["number"] for row in await database().execute_query_dict(_COUNTS, values)}
    rows = await database().execute_query_dict(_UNMAILED, [*values, limit])
    return {status: counts.get(status, 0) for status in NotificationStatus}, [UnmailedRow(**row) for row in rows]
