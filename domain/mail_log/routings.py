"""A notification for operators: its routings with their explanations and mails."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson

from domain.database.connection import database
from domain.mail_log.mails import MailRow, mails_of_notification


@dataclass(frozen=True, slots=True)
class RoutingRow:
    """One routing of a notification, and its mails.

    Attributes:
        position: 1, or 2 for the second.
        level: Its level; None if nobody is mailed.
        decided_at: When, in UTC.
        explanation: Why, in the codes of `domain.rules.routing`.
        mails: Its mails.
    """

    position: int
    level: str | None
    decided_at: datetime
    explanation: Any
    mails: tuple[MailRow, ...]


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """A notification with its routings.

    Attributes:
        id: The notification's key.
        trigger: The event.
        status: `PENDING`, `ROUTED` or `SUPPRESSED`.
        occurred_at: When, in UTC.
        organisation: The name of the organisation.
        contract: The contract's number.
        routings: Its routings: none before it is routed, at most two.
    """

    id: int
    trigger: str
    status: str
    occurred_at: datetime
    organisation: str
    contract: str
    routings: tuple[RoutingRow, ...]

    def masked(self) -> "NotificationRow":
        """The same with masked addresses."""
        routings = (replace(each, mails=tuple(mail.masked() for mail in each.mails)) for each in self.routings)
        return replace(self, routings=tuple(routings))


_NOTIFICATION: Final = """
select n.id, n.trigger, n.status, n.occurred_at, o.name as organisation, c.number as contract
from notification n join organisation o on o.id = n.organisation_id join contract c on c.id = n.contract_id
where n.id = $1::bigint or n.id = (
  select r.notification_id from delivery d join routing r on r.id = d.routing_id where d.id = $2::bigint)"""

_ROUTINGS: Final = """
select position, level, decided_at, explanation from routing where notification_id = $1 order by position"""


async def read_notification(
    *, notification_id: int | None = None, delivery_id: int | None = None
) -> NotificationRow | None:
    """A notification with its routings and mails, by its key or that of a mail; None if there is none."""
    rows = await database().execute_query_dict(_NOTIFICATION, [notification_id, delivery_id])
    if not rows:
        return None
    [row] = rows
    mails = await mails_of_notification(row["id"])
    routings = [
        RoutingRow(
            each["position"],
            each["level"],
            each["decided_at"],
            orjson.loads(each["explanation"]),
            tuple(mail for mail in mails if mail.position == each["position"]),
        )
        for each in await database().execute_query_dict(_ROUTINGS, [row["id"]])
    ]
    return NotificationRow(**row, routings=tuple(routings))
