"""Notifications as an operator counts them: every one is told, also those that no mail came of."""

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
        status: `PENDING` before it is routed, `SUPPRESSED` where it led to nobody.
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


# A mail's status says nothing of a notification: of the filter's values, the others count.
_MEANT: Final = """
from notification n join organisation o on o.id = n.organisation_id join contract c on c.id = n.contract_id
where ($1::text is null or o.enterprise_number = $1)
and ($2::interval is null or n.occurred_at > now() - $2) and ($3::interval is null or n.occurred_at <= now() - $3)"""

_COUNTED: Final = f"select n.status, count(*) as number {_MEANT} group by n.status"

_UNMAILED: Final = f"""
select n.id, n.status, n.occurred_at, o.name as organisation, o.enterprise_number, c.number as contract, n.trigger
{_MEANT} and n.status <> 'ROUTED' order by n.id desc limit $4"""


async def read_notifications(mail_filter: MailFilter, limit: int) -> tuple[dict[str, int], list[UnmailedRow]]:
    """How many notifications are meant, by status (every one is there), and the newest without a mail, newest first.

    Args:
        mail_filter: Of which organisation and how old; the statuses in it are those of mails, and don't matter.
        limit: How many are answered at most.
    """
    values = [mail_filter.enterprise_number, mail_filter.newer, mail_filter.older]
    found = {row["status"]: row["number"] for row in await database().execute_query_dict(_COUNTED, values)}
    rows = await database().execute_query_dict(_UNMAILED, [*values, limit])
    return {status: found.get(status, 0) for status in NotificationStatus}, [UnmailedRow(**row) for row in rows]
