"""Every reference of the models is enforced by a foreign key, and none by two (decision 0034)."""

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

FOREIGN_KEYS = """
select k.conname as name, k.conrelid::regclass::text as source, k.confrelid::regclass::text as target,
  array_agg(own.attname order by number) as columns, array_agg(target.attname order by number) as target_columns
from pg_constraint k
cross join unnest(k.conkey, k.confkey) with ordinality pair (own, target, number)
join pg_attribute own on own.attrelid = k.conrelid and own.attnum = pair.own
join pg_attribute target on target.attrelid = k.confrelid and target.attnum = pair.target
where k.contype = 'f' and k.connamespace = 'public'::regnamespace group by k.oid"""
NOT_NULL_COLUMNS = """select attrelid::regclass::text as source, attname as name from pg_attribute a
  join pg_class c on c.oid = a.attrelid and c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  where attnotnull"""
NULL_TOGETHER = {("membership", "group_link_id"), ("membership", "contract_id")}
"""Either all or none of these columns are null: `membership_kind_and_contract`."""
COPIED = {("audit_link", "organisation_id")}
"""No program may write the row; a trigger copies the column from a row whose reference is enforced."""


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key.

    Attributes:
        name: Its name.
        source: The table that refers.
        target: The table that is referred to.
        columns: By each of its own columns, the column of the target.
    """

    name: str
    source: str
    target: str
    columns: dict[str, str]


@dataclass(frozen=True)
class Catalogue:
    """The foreign keys of the database, and the columns that are never null."""

    foreign_keys: Collection[ForeignKey]
    not_null: Collection[tuple[str, str]]

    def enforces(self, source: str, column: str, target: str) -> bool:
        """Whether the value of the column must be the id of a row of `target`, directly or through another row.

        A composite key is not checked for a row in which one of its columns is null.
        """
        return any(
            (key.target, key.columns[column]) == (target, "id")
            or self.enforces(key.target, key.columns[column], target)
            for key in self.foreign_keys
            if key.source == source and column in key.columns and self._is_always_checked(key, column)
        )

    def without(self, name: str) -> "Catalogue":
        return Catalogue([key for key in self.foreign_keys if key.name != name], self.not_null)

    def _is_always_checked(self, key: ForeignKey, column: str) -> bool:
        """Whether no other column of the key can be null where this one isn't."""
        not_null = {*self.not_null, (key.source, column)}
        if (key.source, column) in NULL_TOGETHER:
            not_null |= NULL_TOGETHER
        return all((key.source, key_column) in not_null for key_column in key.columns)


async def read_catalogue() -> Catalogue:
    foreign_keys = [
        ForeignKey(
            row["name"], row["source"], row["target"], dict(zip(row["columns"], row["target_columns"], strict=True))
        )
        for row in await database().execute_query_dict(FOREIGN_KEYS)
    ]
    not_null = {(row["source"], row["name"]) for row in await database().execute_query_dict(NOT_NULL_COLUMNS)}
    return Catalogue(foreign_keys, not_null)


def references() -> set[tuple[str, str, str]]:
    """Each reference of the models: its table, its column and the table that it refers to."""
    exported = (getattr(domain.models, name) for name in domain.models.__all__)
    models = [value for value in exported if isinstance(value, type) and issubclass(value, Model)]
    return {
        (model._meta.db_table, f"{name}_id", _target(model._meta.fields_map[name]))
        for model in models
        for name in model._meta.fk_fields
    }


def _target(field: Any) -> str:
    table: str = field.related_model._meta.db_table
    return table


async def test_every_reference_is_enforced():
    catalogue = await read_catalogue()
    not_enforced = {
        (source, column) for source, column, target in references() if not catalogue.enforces(source, column, target)
    }
    assert not_enforced == COPIED
    assert len(references()) > 80


async def test_no_reference_is_enforced_twice():
    catalogue = await read_catalogue()
    redundant = [
        key.name
        for key in catalogue.foreign_keys
        for column, target_column in key.columns.items()
        if len(key.columns) == 1
        and target_column == "id"
        and catalogue.without(key.name).enforces(key.source, column, key.target)
    ]
    assert redundant == []


async def test_a_composite_key_does_not_enforce_a_reference_where_another_column_may_be_null():
    """A letter may be about a right without a work relation, so that the foreign key of the right is needed."""
    catalogue = await read_catalogue()
    assert "letter_access_right_together" in {key.name for key in catalogue.foreign_keys}
    assert not catalogue.without("letter_access_right_id_fkey").enforces("letter", "access_right_id", "access_right")


@pytest.mark.owner
async def test_a_reference_enforced_through_another_row_cannot_dangle():
    link = await rows.a_link()
    contract, group = await link.contract, await link.group
    for column, foreign_key in (
        ("organisation_id", "group_link_contract_together"),
        ("group_id", "group_link_group_together"),
        ("contract_id", "group_link_contract_together"),
    ):
        async with refused_by(foreign_key):
            await rows.a_link(contract, group, ended_at=await rows.now(), **{column: 0})


async def test_an_audit_link_gets_the_organisation_of_its_entry_and_no_program_may_write_it():
    assert not any("insert" in privileges or "update" in privileges for privileges in PRIVILEGES["audit_link"])
    organisation = await rows.an_organisation()
    columns: dict[str, Any] = {
        "action": "GROUP_CREATED",
        "subject_type": "Group",
        "subject_id": 1,
        "actor_name": "system",
    }
    for organisation_id in (organisation.id, None):
        entry = await AuditEntry.create(organisation_id=organisation_id, **columns)
        assert (await AuditLink.get(entry_id=entry.id)).organisation_id == organisation_id
