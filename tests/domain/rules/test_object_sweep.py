"""Objects that no attachment names are swept, once they are old enough; all others stay."""

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


async def stored() -> str:
    key = new_key()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"x"

    await attachment_store().put(key, pieces())
    return key


async def an_arrived(**columns: Any) -> Attachment:
    return await rows.an_attachment(storage_key=await stored(), arrived_at=await rows.now(), **columns)


def in_two_days() -> datetime:
    """Late enough for what is still being written while the sweep begins, too."""
    return datetime.now(UTC) + timedelta(days=2)


async def test_what_no_row_names_goes_and_what_one_names_stays(store: Store):
    kept = await an_arrived()
    removed = await an_arrived(removed_at=await rows.now())
    forgotten, waiting = await stored(), await rows.an_attachment(storage_key=await stored())
    assert store.keys() == {kept.storage_key, removed.storage_key, forgotten, waiting.storage_key}

    assert await drop_unnamed_objects(in_two_days()) == 3

    assert store.keys() == {kept.storage_key}
    assert await drop_unnamed_objects(in_two_days()) == 0


async def test_young_objects_are_left_alone(store: Store):
    key = await stored()

    assert await drop_unnamed_objects() == 0

    assert store.keys() == {key}


async def test_several_may_sweep_at_once(store: Store):
    kept = await an_arrived()
    for _ in range(5):
        await stored()

    await asyncio.gather(*(drop_unnamed_objects(in_two_days()) for _ in range(3)))

    assert store.keys() == {kept.storage_key}


async def test_a_file_that_is_taken_away_takes_its_object_along(store: Store):
    office = await an_office()
    draft = await rows.a_document(office.contract, DocumentStatus.DRAFT)
    attachment = await an_arrived(document=draft)

    await rules.remove_attachment(actor=office.drafter, attachment_id=attachment.id)

    assert store.keys() == set()


async def test_what_a_killed_process_had_begun_in_a_folder_goes(folder_store: FolderStore):
    kept = await an_arrived()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield bytes(1024 * 1024)
        begun.set()
        await go_on.wait()

    upload = asyncio.create_task(attachment_store().put(new_key(), pieces()))
    await begun.wait()
    [unfinished] = folder_store.keys() - {kept.storage_key}

    assert await drop_unnamed_objects() == 0
    assert unfinished in set(folder_store.keys())
    assert await drop_unnamed_objects(in_two_days()) == 1

    assert folder_store.keys() == {kept.storage_key}
    go_on.set()
    await asyncio.gather(upload, return_exceptions=True)
