"""Objects in a folder and in a bucket: stored completely or not at all."""

from collections.abc import AsyncIterator

import pytest

from domain.files.object_store import attachment_store, discard, new_key
from domain.refusals import StoreUnavailable
from tests.conftest import Environment
from tests.files import large_pdf
from tests.stores import Store


class StoppedError(Exception):
    pass


async def pieces(content: bytes, *, stop: bool = False) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 64 * 1024):
        yield content[start : start + 64 * 1024]
    if stop:
        raise StoppedError


async def read(key: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in attachment_store().read(key, start, end)])


@pytest.mark.parametrize("size", [1, 70_000, 6 * 1024 * 1024])
async def test_an_object_is_read_back_unchanged_as_a_whole_and_in_ranges(store: Store, size: int):
    key, content = new_key(), large_pdf(size)

    await attachment_store().put(key, pieces(content))

    assert store.keys() == {key}
    assert await read(key, 0, size) == content
    assert await read(key, size // 2, size) == content[size // 2 :]


@pytest.mark.parametrize("size", [1, 6 * 1024 * 1024])
async def test_an_upload_that_fails_stores_nothing_and_raises_its_error(store: Store, size: int):
    with pytest.raises(StoppedError):
        await attachment_store().put(new_key(), pieces(large_pdf(size), stop=True))

    assert store.keys() == set()


async def test_every_object_is_listed(store: Store):
    keys = {new_key() for _ in range(3)}
    for key in keys:
        await attachment_store().put(key, pieces(b"x"))

    [page] = [page async for page in attachment_store().list_pages()]

    assert {stored.key for stored in page} == keys == store.keys()


async def test_objects_are_discarded_and_unknown_keys_ignored(store: Store):
    remaining_key, discarded_key = new_key(), new_key()
    for key in (remaining_key, discarded_key):
        await attachment_store().put(key, pieces(b"x"))

    await discard([discarded_key, new_key()])

    assert store.keys() == {remaining_key}


async def test_reading_a_lost_object_is_refused(store: Store):
    key = new_key()
    await attachment_store().put(key, pieces(b"x"))
    store.delete(key)

    with pytest.raises(StoreUnavailable):
        await read(key, 0, 1)


async def test_uploading_while_the_store_is_away_is_refused_and_discarding_does_nothing(environment: Environment):
    environment.set(
        OBJECT_STORE_URL="s3://bucket",
        OBJECT_STORE_ENDPOINT="http://127.0.0.1:1",
        OBJECT_STORE_REGION="eu-west-1",
        OBJECT_STORE_ACCESS_KEY_ID="anybody",
        OBJECT_STORE_SECRET_ACCESS_KEY="anything",  # noqa: S106  # nobody is there to be let in
    )
    with pytest.raises(StoreUnavailable):
        await attachment_store().put(new_key(), pieces(b"x"))
    # What can't be deleted now is left to the sweep.
    await discard([new_key()])


def test_keys_are_unique():
    assert len({new_key() for _ in range(100)}) == 100
