"""Bulk loading of rows, which are created in memory with their keys."""

from collections.abc import Iterable
from graphlib import TopologicalSorter
from typing import Any, TypeVar

from tortoise.fields.base import DatabaseDefault
from tortoise.models import Model

from domain.database.connection import database

ModelT = TypeVar("ModelT", bound=Model)


class BulkRows:
    """Rows whose keys are known before they are in the database."""

    def __init__(self) -> None:
        self._rows: dict[type[Model], list[Any]] = {}

    def add(self, model: type[ModelT], **columns: Any) -> ModelT:
        """Adds a row; foreign keys are given as keys (`user_id`)."""
        rows = self._rows.setdefault(model, [])
        row = model(id=len(rows) + 1, **columns)
        rows.append(row)
        return row

    def of(self, model: type[ModelT]) -> list[ModelT]:
        """The rows of a model, in the order in which they were added."""
        return self._rows.get(model, [])

    async def load(self) -> None:
        """Inserts all rows into an empty database; the sequences continue after them."""
        for model in _in_dependency_order(self._rows):
            rows = self._rows[model]
            for group in _grouped_by_defaults(rows):
                await model.bulk_create(group)
            table = model._meta.db_table
            next_key = "select setval(pg_get_serial_sequence($1, 'id'), $2)"
            await database().execute_query_dict(next_key, [f'"{table}"', len(rows)])


def _grouped_by_defaults(rows: list[Any]) -> list[list[Any]]:
    """The rows grouped by the columns that have database defaults: Tortoise inserts only such rows together."""
    groups: dict[frozenset[str], list[Any]] = {}
    for row in rows:
        left = frozenset(name for name in row._meta.db_fields if isinstance(getattr(row, name), DatabaseDefault))
        groups.setdefault(left, []).append(row)
    return list(groups.values())


def _in_dependency_order(models: Iterable[type[Model]]) -> list[type[Model]]:
    """The models ordered so that the target of every foreign key comes first."""
    all_models = set(models)
    targets = {
        model: {model._meta.fields_map[name].related_model for name in model._meta.fk_fields} & all_models - {model}  # type: ignore[attr-defined]  # these fields are relations
        for model in all_models
    }
    return list(TopologicalSorter(targets).static_order())
