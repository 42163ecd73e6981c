"""The rows that are loaded so far, and the calendar by which the tables give days."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from domain.days import BRUSSELS
from domain.models import (
    Contract,
    Document,
    Group,
    GroupLink,
    NotificationTrigger,
    Organisation,
    User,
    WorkRelation,
)
from domain.models.row import Row


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days and moments relative to the day of loading, which is a day in Brussels by the database's clock."""

    today: date

    def day(self, days_ago: int) -> date:
        """The day that many days ago; a negative number is in the future."""
        return self.today - timedelta(days=days_ago)

    def moment(self, days_ago: int, clock: str = "09:15") -> datetime:
        """That day in Brussels at a time of the clock, in 24 hours."""
        return datetime.combine(self.day(days_ago), time.fromisoformat(clock), BRUSSELS)

    def optional_moment(self, days_ago: int | None, clock: str) -> datetime | None:
        """The same for something that may not have happened."""
        return None if days_ago is None else self.moment(days_ago, clock)


@dataclass(frozen=True, slots=True)
class MailedEvent:
    """An event that led to a notification.

    Attributes:
        trigger: Which of the four triggers.
        contract: The contract that it is about.
        occurred_at: When.
        columns: Further columns of the notification: the document, the message, or the action and who released it.
    """

    trigger: NotificationTrigger
    contract: Contract
    occurred_at: datetime
    columns: dict[str, Row] = field(default_factory=dict)


@dataclass(slots=True)
class DemoRows:
    """The rows that later tables refer to.

    Attributes:
        calendar: The calendar of the day of loading.
        organisations: By the short names in `organisations.py`.
        people: By persona key if there is one, else by full name.
        work_relations: By organisation and person.
        groups: By organisation and name.
        contracts: By the authority's letters and the serial number, such as `AWV/0417`.
        links: The current ones, by contract and the group's name.
        documents: By contract and title.
        mailed_events: The events that led to notifications.
    """

    calendar: Calendar
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    work_relations: dict[tuple[str, str], WorkRelation] = field(default_factory=dict)
    groups: dict[tuple[str, str], Group] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    links: dict[tuple[str, str], GroupLink] = field(default_factory=dict)
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    mailed_events: list[MailedEvent] = field(default_factory=list)
