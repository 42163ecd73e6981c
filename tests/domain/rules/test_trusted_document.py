"""Documents that are registered and forgotten, by two releases at once as well."""

import asyncio
from typing import Any

import asyncpg
import pytest

from domain.actor import OPERATOR
from domain.models import AuditEntry, TrustedDocument
from domain.refusals import TrustedDocumentUnknown
from domain.rules.trusted_document import forget_documents, register_documents
from settings import settings
from tests.domain.rules.concurrency import run_while_locked, the_loser, until_waiting

pytestmark = pytest.mark.usefixtures("database", "environment")
DOCUMENTS = {letter * 64: f"query {letter.upper()} {{ viewer {{ user {{ id }} }} }}" for letter in "cab"}


async def audited() -> list[tuple[str, Any, Any]]:
    """What the audit log tells, oldest first."""
    return [(entry.action, entry.before, entry.after) for entry in await AuditEntry.all().order_by("id")]


async def test_what_is_registered_already_stays_as_it_is():
    [first] = await register_documents(actor=OPERATOR, documents={"a" * 64: DOCUMENTS["a" * 64]})

    made = await register_documents(actor=OPERATOR, documents=DOCUMENTS)

    assert [row.digest for row in made] == ["b" * 64, "c" * 64]
    assert {row.digest: row.text for row in await TrustedDocument.all()} == DOCUMENTS
    assert await TrustedDocument.get(id=first.id) == first
    assert await audited() == [("DOCUMENT_REGISTERED", None, {"digest": letter * 64}) for letter in "abc"]


async def test_two_releases_that_register_the_same_at_once_register_it_once():
    other = await asyncpg.connect(str(settings().database_url))
    try:
        async with asyncio.timeout(60), other.transaction():
            digest, text = "b" * 64, DOCUMENTS["b" * 64]
            await other.execute("insert into trusted_document (digest, text) values ($1, $2)", digest, text)
            registering = asyncio.ensure_future(register_documents(actor=OPERATOR, documents=DOCUMENTS))
            await until_waiting(registering)
        made = await registering
    finally:
        await other.close()

    assert [row.digest for row in made] == ["a" * 64, "c" * 64]
    assert {row.digest: row.text for row in await TrustedDocument.all()} == DOCUMENTS


async def test_of_two_who_forget_the_same_at_once_one_finds_nothing():
    [row] = await register_documents(actor=OPERATOR, documents={"a" * 64: DOCUMENTS["a" * 64]})

    outcomes = await run_while_locked(row, *(forget_documents(actor=OPERATOR, digests=["a" * 64]) for _ in range(2)))

    assert isinstance(the_loser(outcomes, type(None)), TrustedDocumentUnknown)
    assert [action for action, *_ in await audited()] == ["DOCUMENT_REGISTERED", "DOCUMENT_FORGOTTEN"]


async def test_where_one_is_not_registered_nothing_is_forgotten():
    await register_documents(actor=OPERATOR, documents=DOCUMENTS)
    with pytest.raises(TrustedDocumentUnknown):
        await forget_documents(actor=OPERATOR, digests=["a" * 64, "d" * 64])
    assert await TrustedDocument.all().count() == len(DOCUMENTS)
    assert {action for action, *_ in await audited()} == {"DOCUMENT_REGISTERED"}
