"""The facts about an actor that rules and visibility use, read by one small query with the database's clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any, Final, Self

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.actor import Actor
from domain.database.read_queries import RowQuery, fetch_row
from domain.mandates import mandate_counts

FACTS: Final = {
    "person": "bigint",
    "authority": "bigint",
    "session": "bigint",
    "acts_for": "bigint[]",
    "administers": "bigint[]",
    "user_of": "bigint[]",
    "manages": "bigint[]",
    "represents": "bigint[]",
    "main_manager_of": "bigint[]",
    "user_work_relations": "bigint[]",
}
"""Each fact by its name and SQL type; conditions refer to them as `:name`."""

FACT: Final = re.compile(rf"(?<!:):({'|'.join(FACTS)})\b")
"""The reference to a fact in SQL, such as `:person`; `::` of a cast doesn't match."""


def _keys(column: str, condition: str = "true") -> str:
    """SQL: the distinct values of a column of `entitlement` where a condition is true, empty if there are none."""
    return f"coalesce(array_agg(distinct entitlement.{column}) filter (where {condition}), '{{{{}}}}')"


STANDING_SELECT: Final = (
    f"""
select {{person}} as person, {{authority}} as authority, {{session}} as session,
  {_keys("organisation_id")} as acts_for,
  {_keys("organisation_id", "kind in ('ADMINISTRATOR', 'LEGAL_REPRESENTATIVE')")} as administers,
  {_keys("organisation_id", "kind = 'USER'")} as user_of,
  {_keys("organisation_id", "work_relation_id is null")} as manages,
  {_keys("organisation_id", "kind = 'LEGAL_REPRESENTATIVE'")} as represents,
  {_keys("organisation_id", "kind = 'MAIN_ACCESS_MANAGER'")} as main_manager_of,
  {_keys("work_relation_id", "kind = 'USER'")} as user_work_relations
"""
    """from (
  select w.organisation_id, ar.role, w.id
  from work_relation w
  join access_right r on r.work_relation_id = w.id and r.revoked_at is null
  join access_right_role ar on ar.access_right_id = r.id and ar.valid_to is null
  where w.user_id = {person} and ({organisation} is null or w.organisation_id = {organisation})
    and exists (select from work_relation_period p where p.work_relation_id = w.id
                and brussels_today() between p.valid_from and p.valid_until)
  union all
  select m.organisation_id, m.kind, null
  from access_mandate m
  where m.user_id = {person} and ({organisation} is null or m.organisation_id = {organisation}) and """
    + mandate_counts("m")
    + """
) entitlement (organisation_id, kind, work_relation_id)
"""
)
"""A select of the facts about an actor; the placeholders in braces are the actor's keys: person, contracting authority,
session, and the one organisation that a token restricts them to.

Each row of `entitlement` is a role or a mandate that counts today; mandates have no work relation.
"""

STANDING_QUERY: Final = STANDING_SELECT.format(
    person="$1::bigint", authority="$2::bigint", session="$3::bigint", organisation="$4::bigint"
)
"""The same as a statement of its own, with `Actor.keys` as its parameters."""

MANY: Final = 2
"""The count of a fact that holds two or more keys."""

_FACTS_OF: Final = itemgetter(*FACTS)


@dataclass(frozen=True)
class Standing:
    """Today's facts about an actor; the lists hold keys of organisations.

    Attributes:
        person: The person's key; None for a machine client.
        authority: The contracting authority's key of a machine client.
        session: The key of the session with which the person came.
        acts_for: Where the person may act at all: through an active right or a counting mandate.
        administers: Where the person is ADMINISTRATOR, by a right or as legal representative.
        user_of: Where the person is USER.
        manages: Where the person is an access manager of any kind.
        represents: Where the person is a legal representative.
        main_manager_of: Where the person is the main access manager.
        user_work_relations: The work relations through which the person is USER; memberships hang on them.
    """

    person: int | None = None
    authority: int | None = None
    session: int | None = None
    acts_for: list[int] = field(default_factory=list)
    administers: list[int] = field(default_factory=list)
    user_of: list[int] = field(default_factory=list)
    manages: list[int] = field(default_factory=list)
    represents: list[int] = field(default_factory=list)
    main_manager_of: list[int] = field(default_factory=list)
    user_work_relations: list[int] = field(default_factory=list)

    @classmethod
    async def of(cls, actor: Actor, transaction: BaseDBAsyncClient | None = None) -> Self:
        """Reads the facts, inside a transaction if one is given; for machine clients nothing is read."""
        if actor.user_id is None:
            return cls(authority=actor.authority_id)
        if transaction is None:
            return cls.from_row(await fetch_row(cls.query_for(actor)))
        return cls.from_row((await transaction.execute_query_dict(STANDING_QUERY, actor.keys))[0])

    @staticmethod
    def query_for(actor: Actor) -> RowQuery:
        """The query for the facts about a person; `from_row` takes its row."""
        return RowQuery(STANDING_QUERY, tuple(actor.keys))

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The facts in a row of `STANDING_SELECT`, which may have further columns."""
        return cls(*_FACTS_OF(row))

    @cached_property
    def fact_counts(self) -> Mapping[str, int]:
        """How many keys each fact holds: none, one, or `MANY`."""
        facts = ((name, getattr(self, name)) for name in FACTS)
        return {name: min(len(fact), MANY) if isinstance(fact, list) else int(fact is not None) for name, fact in facts}
