"""Many rows at once: made in memory with their keys, then loaded together."""

from collections.abc import Iterable
from graphlib import TopologicalSorter
from typing import Any, TypeVar

from tortoise.fields.base import DatabaseDefault
from tortoise.models import Model

from domain.database.connection import database

Made = TypeVar("Made", bound=Model)


class Heap:
    """Rows that know each other's keys before the database has them."""

    def __init__(self) -> None:
        self._rows: dict[type[Model], list[Any]] = {}

    def add(self, model: type[Made], **columns: Any) -> Made:
        """One more row; foreign keys are given as keys (`user_id`)."""
        rows = self._rows.setdefault(model, [])
        row = model(id=len(rows) + 1, **columns)
        rows.append(row)
        return row

    def of(self, model: type[Made]) -> list[Made]:
        """The rows of a model, in the order in which they were added."""
        return self._rows.get(model, [])

    async def load(self) -> None:
        """Writes everything to an empty database; keys given later follow on."""
        for model in _after_what_they_refer_to(self._rows):
            rows = self._rows[model]
            for alike in _by_defaults(rows):
                await model.bulk_create(alike)
            table = model._meta.db_table
            next_key = "select setval(pg_get_serial_sequence($1, 'id'), $2)"
            await database().execute_query_dict(next_key, [f'"{table}"', len(rows)])


def _by_defaults(rows: list[Any]) -> list[list[Any]]:
    """The rows apart by the columns that are left to the database: Tortoise writes only rows alike in that together."""
    apart: dict[frozenset[str], list[Any]] = {}
    for row in rows:
        left = frozenset(name for name in row._meta.db_fields if isinstance(getattr(row, name), DatabaseDefault))
        apart.setdefault(left, []).append(row)
    return list(apart.values())


def _after_what_they_refer_to(models: Iterable[type[Model]]) -> list[type[Model]]:
    """The models in an order in which every foreign key finds its row."""
    given = set(models)
    targets = {
        model: {model._meta.fields_map[name].related_model for name in model._meta.fk_fields} & given - {model}  # type: ignore[attr-defined]  # these fields are relations
        for model in given
    }
    return list(TopologicalSorter(targets).static_order())
