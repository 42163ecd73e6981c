"""The loaders of the ordinary executor, derived from the declarations and made for each request.

Every loader runs one statement for all rows that the executor resolves at the same time, so the number of statements
depends on the document and never on the number of rows.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any

from strawberry.dataloader import DataLoader

from domain.actor import Actor
from domain.database.connection import database
from domain.predicate import all_of
from domain.sql import Sql
from domain.standing import Standing
from domain.statement_parameters import StatementParameters
from gql.reading.joins import JoinCondition
from gql.reading.sources import Record, Source
from gql.reading.targets import Target

RowKey = tuple[Any, ...]
"""The values of the columns that identify a row, as `Source.key` gives them."""
LoadBatch = Callable[[list[RowKey]], Awaitable[Sequence[Any]]]


class Loaders:
    """Reads rows for one request on behalf of one actor.

    Attributes:
        actor: Who reads.
        language: `nl`, `fr`, `en` or `de`: the language of texts that are stored in each.
    """

    def __init__(self, actor: Actor, language: str, standing: Standing | None = None) -> None:
        """Prepares to read.

        Args:
            actor: Who reads.
            language: The language of texts.
            standing: The facts about the actor, where they were just read; else they are read when needed.
        """
        self.actor = actor
        self.language = language
        self._standing = standing
        self._loaders: dict[Hashable, DataLoader[RowKey, Any]] = {}

    @property
    def cached_standing(self) -> Standing | None:
        """The facts about the actor as of an earlier request; None where today's are known, or there are none."""
        return self.actor.standing if self._standing is None else None

    def set_standing(self, standing: Standing) -> None:
        """Sets the facts about the actor, which another statement has read."""
        self._standing = standing

    async def standing(self) -> Standing:
        """Today's facts about the actor, read once."""
        if self._standing is None:
            self._standing = await self._loader("standing", self._read_standing).load(())
        return self._standing

    async def _read_standing(self, keys: list[RowKey]) -> list[Standing]:
        return [await Standing.of(self.actor) for _ in keys]

    def _loader(self, name: Hashable, batch: LoadBatch) -> "DataLoader[RowKey, Any]":
        if name not in self._loaders:
            self._loaders[name] = DataLoader(batch)
        return self._loaders[name]

    async def select(self, text: str, values: StatementParameters) -> list[dict[str, Any]]:
        """The rows of a statement, which may refer to facts about the actor."""
        bound = values.bind_facts(text, await self.standing())
        rows: list[dict[str, Any]] = await database().execute_query_dict(bound, values.values)
        return rows

    def expression(self, name: Hashable, expression: Sql, owner: Source, row: Any) -> Awaitable[Any]:
        """The value of an SQL expression for a row of `owner`."""

        async def batch(keys: list[RowKey]) -> list[Any]:
            text = (
                f"select owner__.ordinal, {expression.sql_for('owner__')} as value from {owner.rows_by_key('owner__')}"
            )
            values = {row["ordinal"]: row["value"] for row in await self.select(text, key_columns(keys))}
            return [values.get(ordinal) for ordinal in range(1, len(keys) + 1)]

        return self._loader((name, owner.name), batch).load(owner.key(row))

    async def row(self, target: Source, key: int | None, *, checked: bool) -> Record | None:
        """The row with a key; with `checked`, only if the actor may see it by its own rule."""
        if key is None or target.model is None:
            return None

        async def batch(keys: list[RowKey]) -> list[Record | None]:
            text = f"select row__.* from {target.table} row__ where row__.id = any($1::bigint[])"
            if checked and target.visible:
                text += f" and {target.visible.sql_for('row__')}"
            records = {row["id"]: target.record(row) for row in await self.select(text, key_columns(keys))}
            return [records.get(key) for (key,) in keys]

        loaded: Record | None = await self._loader((target.name, checked), batch).load((key,))
        return loaded

    def related_rows(
        self, name: Hashable, owner: Source, row: Any, target: Target, join: JoinCondition, order: str
    ) -> Awaitable[Any]:
        """All visible, listed rows of a target that `join` joins to a row, in order."""
        source = target.source

        async def batch(keys: list[RowKey]) -> list[list[Any]]:
            where = all_of(join.condition, *source.rules).text
            text = f"""select owner__.ordinal as ordinal__, row__.* from {owner.rows_by_key("owner__")}
                join {source.table} row__ on {where}
                order by owner__.ordinal, {order}"""
            aliased = text.replace("{owner}", "owner__").replace("{row}", "row__")
            return _group_by_owner(await self.select(aliased, key_columns(keys)), len(keys), target)

        return self._loader((name, owner.name), batch).load(owner.key(row))

    def query_rows(
        self,
        name: Hashable,
        owner: Source,
        row: Any,
        target: Target,
        query: str,
        parameters: Mapping[str, tuple[Any, str]] | None = None,
    ) -> Awaitable[Any]:
        """The rows of a query about a row, which it names as `{row}`.

        Args:
            name: What distinguishes these rows from all others.
            owner: The source of the row.
            row: The row.
            target: The target of the query's rows.
            query: The SQL; it names the parameters as `:name`.
            parameters: Each a value with its SQL type, by name.
        """

        async def batch(keys: list[RowKey]) -> list[list[Any]]:
            values = key_columns(keys)
            text = f"""select owner__.ordinal as ordinal__, page__.* from {owner.rows_by_key("owner__")}
                cross join lateral ({with_positions(query)}) page__
                order by owner__.ordinal, page__.position__""".replace("{row}", "owner__")
            return _group_by_owner(
                await self.select(values.bind_named(text, parameters or {}), values), len(keys), target
            )

        return self._loader((name, owner.name), batch).load(owner.key(row))

    def load_batched(self, name: Hashable, batch: LoadBatch, key: RowKey) -> Awaitable[Any]:
        """The value for a key; `batch` loads those of all keys that are requested at the same time."""
        return self._loader(name, batch).load(key)


def with_positions(query: str) -> str:
    """A query whose rows have their position in `position__`: its own column, or a number in its order."""
    if "as position__" in query:
        return query
    return f"select row_number() over () as position__, query__.* from ({query}) query__"


def key_columns(keys: list[RowKey]) -> StatementParameters:
    """The keys as the parameters of a statement: an array of each column's values."""
    return StatementParameters(*(list(column) for column in zip(*keys, strict=True)))


def _group_by_owner(rows: list[dict[str, Any]], owners: int, target: Target) -> list[list[Any]]:
    """The rows of each owner, in the order in which they came."""
    records: list[list[Any]] = [[] for _ in range(owners)]
    for row in rows:
        records[row.pop("ordinal__") - 1].append(_record(row, target))
    return records


def _record(row: dict[str, Any], target: Target) -> Any:
    source = target.members.get(row.pop("member__", ""), target.source)
    row.pop("position__", None)
    return source.record(row)
