"""What is loaded so far, by the names that the tables use, and the calendar that they count in."""

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
    """Days and moments around the day of loading, which is a day in Brussels by the database's clock."""

    today: date

    def day(self, ago: int) -> date:
        """The day so many days ago; a negative number is in the future."""
        return self.today - timedelta(days=ago)

    def moment(self, ago: int, clock: str = "09:15") -> datetime:
        """That day in Brussels at a time of the clock, in 24 hours."""
        return datetime.combine(self.day(ago), time.fromisoformat(clock), BRUSSELS)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that was mailed about.

    Attributes:
        trigger: Which of the four events.
        contract: Where it happened.
        occurred: When.
        columns: What else the notification says: the document, the message, or the action and who released it.
    """

    trigger: NotificationTrigger
    contract: Contract
    occurred: datetime
    columns: dict[str, Row] = field(default_factory=dict)


@dataclass(slots=True)
class Loaded:
    """The rows that later tables refer to.

    Attributes:
        calendar: What "days ago" means.
        organisations: By the short names in `organisations.py`.
        people: By persona key where there is one, else by full name.
        work_relations: By organisation and person.
        groups: By organisation and name.
        contracts: By the authority's letters and the serial number, such as `AWV/0417`.
        links: By contract and the group's name; those that stand.
        documents: By contract and title.
        happenings: What was mailed about.
    """

    calendar: Calendar
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    work_relations: dict[tuple[str, str], WorkRelation] = field(default_factory=dict)
    groups: dict[tuple[str, str], Group] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    links: dict[tuple[str, str], GroupLink] = field(default_factory=dict)
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
