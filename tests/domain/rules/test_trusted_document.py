"""Registering and forgetting trusted documents, also concurrently."""

import asyncio
from typing import Any

import asyncpg
import pytest

from domain.actor import OPERATOR
from domain.models import AuditEntry, TrustedDocument
from domain.refusals import TrustedDocumentUnknown
from domain.rules.trusted_document import forget_documents, register_documents
from settings import settings
from tests.domain.rules.concurrency import run_while_locked, single_refusal, wait_until_blocked

pytestmark = pytest.mark.usefixtures("database", "environment")
DOCUMENTS = {letter * 64: f"query {letter.upper()} {{ viewer {{ user {{ id }} }} }}" for letter in "cab"}


async def audit_contents() -> list[tuple[str, Any, Any]]:
    """Action, before and after of every audit entry, oldest first."""
    return [(entry.action, entry.before, entry.after) for entry in await AuditEntry.all().order_by("id")]


async def test_registered_documents_are_not_registered_again():
    [first] = await register_documents(actor=OPERATOR, documents={"a" * 64: DOCUMENTS["a" * 64]})

    created = await register_documents(actor=OPERATOR, documents=DOCUMENTS)

    assert [row.digest for row in created] == ["b" * 64, "c" * 64]
    assert {row.digest: row.text for row in await TrustedDocument.all()} == DOCUMENTS
    assert await TrustedDocument.get(id=first.id) == first
    assert await audit_contents() == [("DOCUMENT_REGISTERED", None, {"digest": letter * 64}) for letter in "abc"]


async def test_concurrent_registrations_register_a_document_once():
    connection = await asyncpg.connect(str(settings().database_url))
    try:
        async with asyncio.timeout(60), connection.transaction():
            digest, text = "b" * 64, DOCUMENTS["b" * 64]
            await connection.execute("insert into trusted_document (digest, text) values ($1, $2)", digest, text)
            registering = asyncio.ensure_future(register_documents(actor=OPERATOR, documents=DOCUMENTS))
            await wait_until_blocked(registering)
        created = await registering
    finally:
        await connection.close()

    assert [row.digest for row in created] == ["a" * 64, "c" * 64]
    assert {row.digest: row.text for row in await TrustedDocument.all()} == DOCUMENTS


async def test_of_concurrent_removals_of_a_document_one_is_refused():
    [row] = await register_documents(actor=OPERATOR, documents={"a" * 64: DOCUMENTS["a" * 64]})

    outcomes = await run_while_locked(row, *(forget_documents(actor=OPERATOR, digests=["a" * 64]) for _ in range(2)))

    assert isinstance(single_refusal(outcomes, type(None)), TrustedDocumentUnknown)
    assert [action for action, *_ in await audit_contents()] == ["DOCUMENT_REGISTERED", "DOCUMENT_FORGOTTEN"]


async def test_nothing_is_forgotten_when_one_document_is_not_registered():
    await register_documents(actor=OPERATOR, documents=DOCUMENTS)
    with pytest.raises(TrustedDocumentUnknown):
        await forget_documents(actor=OPERATOR, digests=["a" * 64, "d" * 64])
    assert await TrustedDocument.all().count() == len(DOCUMENTS)
    assert {action for action, *_ in await audit_contents()} == {"DOCUMENT_REGISTERED"}
