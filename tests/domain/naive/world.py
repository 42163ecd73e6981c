"""All rows of a database, in memory."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from tortoise.models import Model

from domain import models as m
from tests.rows import now, today

Row = TypeVar("Row", bound=Model)

TABLES: tuple[type[Model], ...] = (
    m.AccessMandate,
    m.AccessRight,
    m.AccessRightRole,
    m.Action,
    m.Attachment,
    m.AuditEntry,
    m.Contract,
    m.ContractType,
    m.Delivery,
    m.Document,
    m.Group,
    m.GroupLink,
    m.GroupReferenceLevel,
    m.GroupThemeLevel,
    m.Introduction,
    m.Membership,
    m.Message,
    m.Notification,
    m.Organisation,
    m.Routing,
    m.SelfRegistration,
    m.Session,
    m.Theme,
    m.User,
    m.WorkRelation,
    m.WorkRelationPeriod,
)


class World:
    """The rows of every table, found by their key or by the value of a column.

    Attributes:
        today: The day in Brussels.
        now: The moment.
    """

    def __init__(self, rows: dict[type[Model], list[Any]], today: date, now: datetime) -> None:
        self.today = today
        self.now = now
        self._rows = rows
        self._by_key = {model: {row.pk: row for row in rows_of_model} for model, rows_of_model in rows.items()}
        self._by_column: dict[Hashable, dict[Any, list[Any]]] = {}

    @classmethod
    async def read(cls) -> "World":
        """Reads all rows of the open database."""
        return cls({model: list(await model.all().order_by("id")) for model in TABLES}, await today(), await now())

    def all(self, model: type[Row]) -> list[Row]:
        return self._rows[model]

    def one(self, model: type[Row], key: int) -> Row:
        row: Row = self._by_key[model][key]
        return row

    def having(self, model: type[Row], column: str, value: int) -> Iterable[Row]:
        """The rows with this value in a column."""
        rows_by_value = self._by_column.get((model, column))
        if rows_by_value is None:
            rows_by_value = defaultdict(list)
            for row in self._rows[model]:
                rows_by_value[getattr(row, column)].append(row)
            self._by_column[(model, column)] = rows_by_value
        return rows_by_value.get(value, ())
