"""Every reference of the models is held by the database, and none of them twice (decision 0034)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pytest
from tortoise.models import Model

import domain.models
from domain.database.connection import database
from domain.database.privileges import PRIVILEGES
from domain.models import AuditEntry, AuditLink
from tests import rows
from tests.domain.constraints import refused_by

pytestmark = pytest.mark.usefixtures("database")

KEYS = """
select k.conname as name, k.conrelid::regclass::text as source, k.confrelid::regclass::text as target,
  array_agg(here.attname order by number) as columns, array_agg(there.attname order by number) as leads_to
from pg_constraint k
cross join unnest(k.conkey, k.confkey) with ordinality pair (here, there, number)
join pg_attribute here on here.attrelid = k.conrelid and here.attnum = pair.here
join pg_attribute there on there.attrelid = k.confrelid and there.attnum = pair.there
where k.contype = 'f' and k.connamespace = 'public'::regnamespace group by k.oid"""
FILLED = """select attrelid::regclass::text as source, attname as name from pg_attribute a
  join pg_class c on c.oid = a.attrelid and c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  where attnotnull"""
TOGETHER = {("membership", "group_link_id"), ("membership", "contract_id")}
"""Where one is filled the other is, too: `membership_kind_and_contract`."""
COPIED = {("audit_link", "organisation_id")}
"""No program may write the row; the database fills it itself from one whose reference is held."""


@dataclass(frozen=True)
class Key:
    """A foreign key: its table and the target, and which column of it each of its own leads to."""

    name: str
    source: str
    target: str
    pairs: dict[str, str]


@dataclass(frozen=True)
class Catalogue:
    """The keys of the database, and the columns that are never null."""

    keys: Collection[Key]
    filled: Collection[tuple[str, str]]

    def holds(self, source: str, column: str, target: str) -> bool:
        """Must a row of `target` be there for what stands in the column, at once or by way of another row?

        A composite key says nothing of a row in which one of its columns is null.
        """
        return any(
            (key.target, key.pairs[column]) == (target, "id") or self.holds(key.target, key.pairs[column], target)
            for key in self.keys
            if key.source == source and column in key.pairs and self._always_asked(key, column)
        )

    def without(self, name: str) -> "Catalogue":
        return Catalogue([key for key in self.keys if key.name != name], self.filled)

    def _always_asked(self, key: Key, column: str) -> bool:
        known = {*self.filled, (key.source, column)}
        if (key.source, column) in TOGETHER:
            known |= TOGETHER
        return all((key.source, other) in known for other in key.pairs)


async def catalogue() -> Catalogue:
    found = await database().execute_query_dict(KEYS)
    keys = [
        Key(one["name"], one["source"], one["target"], dict(zip(one["columns"], one["leads_to"], strict=True)))
        for one in found
    ]
    filled = {(row["source"], row["name"]) for row in await database().execute_query_dict(FILLED)}
    return Catalogue(keys, filled)


def references() -> set[tuple[str, str, str]]:
    """Of each reference of the models its table, its column and the table that it leads to."""
    named = (getattr(domain.models, name) for name in domain.models.__all__)
    models = [one for one in named if isinstance(one, type) and issubclass(one, Model)]
    return {
        (model._meta.db_table, f"{name}_id", _target(model._meta.fields_map[name]))
        for model in models
        for name in model._meta.fk_fields
    }


def _target(field: Any) -> str:
    table: str = field.related_model._meta.db_table
    return table


async def test_every_reference_is_held():
    held = await catalogue()
    unheld = {(source, column) for source, column, target in references() if not held.holds(source, column, target)}
    assert unheld == COPIED
    assert len(references()) > 80


async def test_no_reference_is_held_twice():
    held = await catalogue()
    twice = [
        key.name
        for key in held.keys
        for column, there in key.pairs.items()
        if len(key.pairs) == 1 and there == "id" and held.without(key.name).holds(key.source, column, key.target)
    ]
    assert twice == []


async def test_a_composite_key_says_nothing_where_a_column_of_it_may_be_null():
    """A letter may be about a right and tell no work relation: the right's own key has to stay."""
    held = await catalogue()
    assert "letter_access_right_together" in {key.name for key in held.keys}
    assert not held.without("letter_access_right_id_fkey").holds("letter", "access_right_id", "access_right")


@pytest.mark.owner
async def test_what_is_held_by_way_of_another_row_can_not_lead_nowhere():
    link = await rows.a_link()
    contract, group = await link.contract, await link.group
    for column, key in (
        ("organisation_id", "group_link_contract_together"),
        ("group_id", "group_link_group_together"),
        ("contract_id", "group_link_contract_together"),
    ):
        async with refused_by(key):
            await rows.a_link(contract, group, ended_at=await rows.now(), **{column: 0})


async def test_the_chain_names_the_organisation_of_the_entry_and_nobody_else_does():
    assert not any("insert" in given or "update" in given for given in PRIVILEGES["audit_link"])
    organisation = await rows.an_organisation()
    told: dict[str, Any] = {"action": "GROUP_CREATED", "subject_type": "Group", "subject_id": 1, "actor_name": "system"}
    for whose in (organisation.id, None):
        entry = await AuditEntry.create(organisation_id=whose, **told)
        assert (await AuditLink.get(entry_id=entry.id)).organisation_id == whose
