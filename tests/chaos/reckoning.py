"""The reckoning: what was promised, what stands in the database, and what the mail server took."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from domain.database.connection import database
from tests.chaos.erratic_smtp import Taken
from tests.chaos.load import UNDONE

_FINAL = "status in ('SENT', 'FAILED', 'BOUNCED') or status = 'UNCERTAIN' and losses > 1"
_UNFINISHED = f"""
select (select count(*) from notification where status = 'PENDING')
  + (select count(*) from delivery where not ({_FINAL}))
  + (select count(*) from delivery where status in ('FAILED', 'BOUNCED') and weighed_at is null) as answer"""
_NOTIFIED = """
select document_id from notification n where status = 'ROUTED' and exists (
  select from routing r join delivery d on d.routing_id = r.id where r.notification_id = n.id)"""
_DELIVERIES = "select id, message_id, status, attempts, failures, losses from delivery"
_UNFOLLOWED = """
select count(*) as answer from routing r
where r.position = 1 and r.level <> 'CONTRACT' and not exists (
  select from delivery d where d.routing_id = r.id and d.status not in ('FAILED', 'BOUNCED'))
and not exists (select from routing s where s.follows_id = r.id)"""
_FOLLOWED_FOR_NOTHING = """
select count(*) as answer from routing s join delivery d on d.routing_id = s.follows_id
where d.status not in ('FAILED', 'BOUNCED')"""


@dataclass(frozen=True)
class Reckoning:
    """Figures; all but the first five must be nought.

    Attributes:
        mails: Deliveries.
        statuses: How many of each status.
        second_routings: How many notifications were routed once more.
        copies: Mails that the server took more than once, each told by its row.
        taken: Mails that the server took.
        forgotten: Events that were committed, and of which no mail came.
        lost: Deliveries that are SENT, and whose mail the server never took.
        strangers: Mails that the server took, and that no row tells of.
        unexplained: Copies that no loss and no takeover explains, or that differ in their date.
        undone: Mails about what was never committed.
        unfollowed: Routings that failed altogether without a second one, or were followed by one for nothing.
    """

    mails: int
    statuses: dict[str, int]
    second_routings: int
    copies: int
    taken: int
    forgotten: int
    lost: int
    strangers: int
    unexplained: int
    undone: int
    unfollowed: int

    @property
    def broken(self) -> dict[str, int]:
        """The promises that were not kept, and how often."""
        names = ("forgotten", "lost", "strangers", "unexplained", "undone", "unfollowed")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


async def unfinished() -> int:
    """How many notifications and mails are still under way."""
    return await _number(_UNFINISHED)


async def reckon(committed: set[int], taken: list[Taken]) -> Reckoning:
    """Compares everything with everything.

    Args:
        committed: The keys of the documents whose delivery was answered.
        taken: What the mail server took.
    """
    rows = {row["message_id"]: row for row in await database().execute_query_dict(_DELIVERIES)}
    notified = {row["document_id"] for row in await database().execute_query_dict(_NOTIFIED)}
    copies = Counter(mail.message_id for mail in taken)
    dates = {(mail.message_id, mail.date) for mail in taken}
    return Reckoning(
        mails=len(rows),
        statuses=dict(Counter(row["status"] for row in rows.values())),
        second_routings=await _number("select count(*) as answer from routing where position = 2"),
        copies=sum(number - 1 for number in copies.values()),
        taken=len(taken),
        forgotten=len(committed ^ notified),
        lost=sum(1 for key, row in rows.items() if row["status"] == "SENT" and not copies[key]),
        strangers=sum(number for key, number in copies.items() if key not in rows),
        unexplained=len(dates)
        - len(copies)
        + sum(1 for key, number in copies.items() if key in rows and number > _possible(rows[key])),
        undone=sum(1 for mail in taken if UNDONE.encode() in mail.content),
        unfollowed=await _number(_UNFOLLOWED) + await _number(_FOLLOWED_FOR_NOTHING),
    )


def _possible(row: dict[str, Any]) -> int:
    """In how many tries the mail may have been taken: all but those of which the server said that it wasn't."""
    refused = row["failures"] + (row["status"] == "FAILED")
    return int(row["attempts"] - refused)


async def _number(question: str) -> int:
    [row] = await database().execute_query_dict(question)
    return int(row["answer"])
