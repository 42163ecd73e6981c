"""Objects that no attachment refers to are deleted once they are old enough; all others stay."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.files.object_store import attachment_store, new_key
from domain.models import Attachment, DocumentStatus
from domain.rules import attachment as rules
from domain.rules.object_sweep import drop_unnamed_objects
from tests import rows
from tests.domain.rules.office import an_office
from tests.stores import FolderStore, Store

pytestmark = pytest.mark.usefixtures("database", "environment")


async def store_object() -> str:
    key = new_key()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"x"

    await attachment_store().put(key, pieces())
    return key


async def an_uploaded_attachment(**columns: Any) -> Attachment:
    return await rows.an_attachment(storage_key=await store_object(), arrived_at=await rows.now(), **columns)


def in_two_days() -> datetime:
    """Late enough that objects which are written now are old enough as well."""
    return datetime.now(UTC) + timedelta(days=2)


async def test_unreferenced_objects_are_deleted_and_referenced_ones_stay(store: Store):
    attachment = await an_uploaded_attachment()
    removed = await an_uploaded_attachment(removed_at=await rows.now())
    unreferenced_key, pending = await store_object(), await rows.an_attachment(storage_key=await store_object())
    assert store.keys() == {attachment.storage_key, removed.storage_key, unreferenced_key, pending.storage_key}

    assert await drop_unnamed_objects(in_two_days()) == 3

    assert store.keys() == {attachment.storage_key}
    assert await drop_unnamed_objects(in_two_days()) == 0


async def test_young_objects_are_left_alone(store: Store):
    key = await store_object()

    assert await drop_unnamed_objects() == 0

    assert store.keys() == {key}


async def test_concurrent_sweeps_delete_only_unreferenced_objects(store: Store):
    attachment = await an_uploaded_attachment()
    for _ in range(5):
        await store_object()

    await asyncio.gather(*(drop_unnamed_objects(in_two_days()) for _ in range(3)))

    assert store.keys() == {attachment.storage_key}


async def test_removing_an_attachment_deletes_its_object(store: Store):
    office = await an_office()
    draft = await rows.a_document(office.contract, DocumentStatus.DRAFT)
    attachment = await an_uploaded_attachment(document=draft)

    await rules.remove_attachment(actor=office.drafter, attachment_id=attachment.id)

    assert store.keys() == set()


async def test_the_unfinished_file_of_a_killed_process_is_deleted(folder_store: FolderStore):
    attachment = await an_uploaded_attachment()
    started, resume = asyncio.Event(), asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield bytes(1024 * 1024)
        started.set()
        await resume.wait()

    upload = asyncio.create_task(attachment_store().put(new_key(), pieces()))
    await started.wait()
    [unfinished] = folder_store.keys() - {attachment.storage_key}

    assert await drop_unnamed_objects() == 0
    assert unfinished in set(folder_store.keys())
    assert await drop_unnamed_objects(in_two_days()) == 1

    assert folder_store.keys() == {attachment.storage_key}
    resume.set()
    await asyncio.gather(upload, return_exceptions=True)
