"""Constraints as a whole: each is tested, no delete cascades, and the audit log is append-only."""

from pathlib import Path
from typing import Any

import pytest

from domain.database.connection import database as connection
from domain.models import AuditEntry, AuditLink, ContractType, Theme, TrustedDocument
from tests import rows
from tests.domain.constraints import refused_by

# As the owner of the tables: the constraints apply to everyone.
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.owner]

# All but those that Tortoise creates from the models: keys, and foreign keys of one column.
OUR_CONSTRAINTS = r"""select conname as name from pg_constraint where connamespace = 'public'::regnamespace
             and (contype in ('c', 'x') or contype = 'f' and cardinality(conkey) > 1)
           union select i.relname from pg_index x join pg_class i on i.oid = x.indexrelid
             where x.indisunique and not x.indisprimary and i.relnamespace = 'public'::regnamespace
             and i.relname not like '%\_identity' and x.indrelid::regclass::text not like 'tortoise%'"""


async def test_every_constraint_is_tested():
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_constraints*.py"))
    names = [row["name"] for row in await connection().execute_query_dict(OUR_CONSTRAINTS)]
    assert len(names) > 100
    assert [name for name in sorted(names) if f'"{name}"' not in tests] == []


async def test_no_row_that_is_referred_to_can_be_deleted():
    not_restricting = "select conname from pg_constraint where contype = 'f' and confdeltype <> 'r'"
    assert await connection().execute_query_dict(not_restricting) == []


async def test_codes_are_unique():
    names: dict[str, Any] = {"name_nl": "x", "name_fr": "x", "name_en": "x", "name_de": "x"}
    async with refused_by("theme_code_key"):
        await Theme.create(code="INVOICING", **names)
    async with refused_by("contract_type_code_key"):
        await ContractType.create(code="CONTRACT", **names)
    await Theme.create(code="ANOTHER", **names)


async def test_the_audit_log_is_append_only():
    entry = await AuditEntry.create(action="GROUP_CREATED", subject_type="Group", subject_id=1, actor_name="system")
    for statement, trigger in (
        ("update audit_entry set reason = 'anders'", "audit_entry_append_only"),
        (f"update audit_entry set id = id where id = {entry.id}", "audit_entry_append_only"),
        ("delete from audit_entry", "audit_entry_append_only"),
        ("truncate audit_entry, audit_link", "audit_entry_no_truncate"),
        ("truncate organisation cascade", "audit_entry_no_truncate"),
    ):
        async with refused_by(trigger):
            await connection().execute_query(statement)
    await AuditEntry.create(action="GROUP_DELETED", subject_type="Group", subject_id=1, actor_name="system")
    assert await AuditEntry.all().count() == 2


async def test_the_audit_chain_is_append_only_and_has_one_position_for_each_entry():
    await AuditEntry.create(action="GROUP_CREATED", subject_type="Group", subject_id=1, actor_name="system")
    [link] = await AuditLink.all()
    columns: dict[str, Any] = {"position": 2, "hash": b"hash"}
    for statement in ("update audit_link set position = 2", "delete from audit_link"):
        async with refused_by("audit_link_append_only"):
            await connection().execute_query(statement)
    async with refused_by("audit_link_no_truncate"):
        await connection().execute_query("truncate audit_link")
    async with refused_by("audit_link_entry"):
        await AuditLink.create(entry_id=link.entry_id, **columns)
    async with refused_by("audit_link_place"):
        await AuditLink.create(entry_id=99, **{**columns, "position": 1})


async def test_the_digest_of_a_trusted_document_is_unique_and_lower_case():
    await TrustedDocument.create(digest="a" * 64, text="{ themes { code } }")
    async with refused_by("trusted_document_digest_key"):
        await TrustedDocument.create(digest="a" * 64, text="{ viewer { user { id } } }")
    async with refused_by("trusted_document_digest"):
        await TrustedDocument.create(digest="A" * 64, text="{ themes { code } }")


async def test_today_is_the_day_in_brussels():
    [row] = await connection().execute_query_dict(
        "select brussels_today() as today, (now() at time zone 'Europe/Brussels')::date as brussels_day"
    )
    assert row["today"] == row["brussels_day"] == await rows.today()
