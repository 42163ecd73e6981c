"""Mails as lines of the command line, and as JSON."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from domain.days import BRUSSELS
from domain.mail_log.mails import MailRow
from domain.mail_log.notifications import UnmailedRow
from domain.mail_log.routings import NotificationRow
from domain.models.notification import NotificationStatus

_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def parse_duration(text: str) -> timedelta:
    """The duration that `30m`, `12h` or `7d` means.

    Raises:
        ValueError: The text has another form.
    """
    number, unit = text[:-1], text[-1:]
    if not number.isdecimal() or unit not in _UNITS or len(number) > 5:  # noqa: PLR2004  # longer than anything is stored
        raise ValueError(f"“{text}” is no duration such as 30m, 12h or 7d.")
    return int(number) * _UNITS[unit]


def to_json(facts: Any) -> str:
    """The facts as JSON, indented; moments in UTC."""
    return orjson.dumps(facts, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()


def counts_line(counts: dict[str, int], noun: str) -> str:
    """The total, and the count of each status: `12 mails: 9 SENT, 3 FAILED`."""
    total = sum(counts.values())
    parts = ", ".join(f"{number} {status}" for status, number in counts.items() if number)
    return f"{total} {noun}{'' if total == 1 else 's'}{': ' if parts else ''}{parts}"


def mail_lines(mails: Iterable[MailRow]) -> Iterator[str]:
    """A line for each mail, and another one for its last error."""
    for mail in mails:
        yield (
            f"{mail.id:>8} {mail.status:<9} {_moment(mail.made_at)}  {mail.enterprise_number}  {_subject(mail)}"
            f"  {mail.address or '(erased)'}  {_tries(mail)}"
        )
        if mail.last_error:
            yield f"{'':>8} {mail.last_error}"


def unmailed_lines(notifications: Iterable[UnmailedRow]) -> Iterator[str]:
    """A line for each notification without mails."""
    for notification in notifications:
        reason = "waits to be routed" if notification.status == NotificationStatus.PENDING else "nobody has an address"
        yield (
            f"{notification.id:>8} {notification.status:<10} {_moment(notification.occurred_at)}"
            f"  {notification.enterprise_number}  {notification.contract}  {notification.trigger.lower()}  {reason}"
        )


def notification_lines(row: NotificationRow | MailRow) -> Iterator[str]:
    """A notification, its routings with their reasons, and their mails; or a letter's mail alone."""
    if isinstance(row, MailRow):
        yield f"Letter {row.letter_id}: {row.trigger}"
        yield f"  {row.organisation}"
        yield from mail_lines([row])
        return
    yield f"Notification {row.id}: {row.trigger} of {_moment(row.occurred_at)}, {row.status}"
    yield f"  {row.organisation}, contract {row.contract}"
    for routing in row.routings:
        yield f"Routing {routing.position} of {_moment(routing.decided_at)}: {routing.level or 'nobody'}"
        yield f"  {orjson.dumps(routing.explanation).decode()}"
        yield from mail_lines(routing.mails)


def bounce_line(counts: dict[str, int]) -> str:
    """The total, and the count of each outcome: `3 read: 1 bounced, 2 ignored`."""
    parts = ", ".join(f"{number} {outcome.lower()}" for outcome, number in counts.items() if number)
    return f"{sum(counts.values())} read{': ' if parts else ''}{parts}"


def _subject(mail: MailRow) -> str:
    """The contract and the level of a notification's mail; a letter's kind."""
    return f"{mail.contract}  {mail.level.lower()}" if mail.level else mail.trigger.lower()


def _tries(mail: MailRow) -> str:
    tries = f"{mail.attempts} tr{'y' if mail.attempts == 1 else 'ies'}"
    if mail.sent_at:
        return f"{tries}, sent {_moment(mail.sent_at)}"
    return f"{tries}, due {_moment(mail.due_at)}" if mail.due_at else tries


def _moment(moment: datetime) -> str:
    return moment.astimezone(BRUSSELS).strftime("%Y-%m-%d %H:%M")
