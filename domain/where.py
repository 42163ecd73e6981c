"""Conditions in statements: as filters of Tortoise's queries, and evaluated together with the facts about the actor."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from pypika_tortoise.context import SqlContext
from pypika_tortoise.queries import Table
from pypika_tortoise.terms import Criterion
from tortoise.expressions import Q, ResolveContext
from tortoise.models import Model
from tortoise.query_utils import QueryModifier

from domain.predicate import Predicate
from domain.standing import FACT, FACTS, STANDING_QUERY, Standing

CACHE_SIZE: Final = 500
"""How many statements are cached; conditions that name a key differ by it."""


@lru_cache(CACHE_SIZE)
def standing_and_conditions(model: type[Model], conditions: tuple[Predicate, ...]) -> str:
    """A statement that reads the facts about an actor and whether conditions are true of a row, at the same moment.

    Its parameters are those of `STANDING_QUERY`, and the row's key; `results` has a boolean for each condition, or is
    null when there is no such row.
    """
    results = FACT.sub(r"facts.\1", ", ".join(condition.sql_for("t") for condition in conditions))
    return f"""with facts as materialized ({STANDING_QUERY})
      select facts.*, (select array[{results}] from "{model._meta.db_table}" t where t.id = $5::bigint) as results
      from facts"""


class Where(Q):
    """`Contract.filter(Where(visibility.contract, standing))`: the only way rows reach a resolver or a rule."""

    __slots__ = ("predicate", "standing")

    def __init__(self, predicate: Predicate, standing: Standing) -> None:
        super().__init__()
        self.predicate = predicate
        self.standing = standing

    def __bool__(self) -> bool:
        return True

    def resolve(self, resolve_context: ResolveContext) -> QueryModifier:
        """What Tortoise adds to the statement."""
        return QueryModifier(where_criterion=_Condition(self.predicate, resolve_context.table, self.standing))


class _Condition(Criterion):
    """A predicate inside a Tortoise query; the facts are its parameters."""

    def __init__(self, predicate: Predicate, table: Table, standing: Standing) -> None:
        super().__init__()
        self._predicate = predicate
        self._table = table
        self._standing = standing

    def nodes_(self) -> Iterator[Any]:
        yield self

    def get_sql(self, ctx: SqlContext, **_options: Any) -> str:
        """The text, with a parameter for each fact."""

        def placeholder(match: re.Match[str]) -> str:
            value = getattr(self._standing, match[1])
            if ctx.parameterizer is None:
                raise ValueError("A condition can only be used in a statement with parameters.")
            return f"{ctx.parameterizer.create_param(value).get_sql(ctx)}::{FACTS[match[1]]}"

        name = self._table.alias or self._table._table_name  # noqa: SLF001  # pypika's own criteria read it so
        return FACT.sub(placeholder, self._predicate.sql_for(f'"{name}"'))
