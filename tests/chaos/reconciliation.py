"""Reconciles what was committed, what is in the database, and what the mail server accepted."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from domain.database.connection import database
from tests.chaos.erratic_smtp import AcceptedMail
from tests.chaos.load import ROLLED_BACK

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
class Reconciliation:
    """The figures; all but the first five must be 0.

    Attributes:
        mails: Deliveries.
        statuses: The number of deliveries with each status.
        second_routings: How many notifications were routed once more.
        copies: Mails that the server accepted more than once, each explained by its row.
        taken: Mails that the server accepted.
        forgotten: Committed events without a mail.
        lost: Deliveries that are SENT, but whose mail the server never accepted.
        strangers: Mails that the server accepted, but that have no row.
        unexplained: Copies that no loss and no takeover explains, or that differ in their date.
        undone: Mails about events that were rolled back.
        unfollowed: Failed routings without a second one, and second routings without a failed first one.
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
        """The figures that must be 0 but are not."""
        names = ("forgotten", "lost", "strangers", "unexplained", "undone", "unfollowed")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


async def unfinished() -> int:
    """How many notifications and mails have no final status."""
    return await _number(_UNFINISHED)


async def reconcile(committed: set[int], taken: list[AcceptedMail]) -> Reconciliation:
    """Reconciles the committed documents, the database and the accepted mails.

    Args:
        committed: The ids of the documents whose delivery was confirmed.
        taken: The mails that the mail server accepted.
    """
    rows = {row["message_id"]: row for row in await database().execute_query_dict(_DELIVERIES)}
    notified = {row["document_id"] for row in await database().execute_query_dict(_NOTIFIED)}
    copies = Counter(mail.message_id for mail in taken)
    dates = {(mail.message_id, mail.date) for mail in taken}
    return Reconciliation(
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
        undone=sum(1 for mail in taken if ROLLED_BACK.encode() in mail.content),
        unfollowed=await _number(_UNFOLLOWED) + await _number(_FOLLOWED_FOR_NOTHING),
    )


def _possible(row: dict[str, Any]) -> int:
    """In how many attempts the mail may have been accepted: all but those that the server rejected."""
    refused = row["failures"] + (row["status"] == "FAILED")
    return int(row["attempts"] - refused)


async def _number(statement: str) -> int:
    [row] = await database().execute_query_dict(statement)
    return int(row["answer"])
