"""Objects in a folder and in a bucket: whole or not at all."""

from collections.abc import AsyncIterator

import pytest

from domain.files.object_store import attachment_store, discard, new_key
from domain.refusals import StoreUnavailable
from tests.conftest import Environment
from tests.files import large_pdf
from tests.stores import FolderStore, Store


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
async def test_an_object_comes_back_as_it_went_whole_and_in_ranges(store: Store, size: int):
    key, content = new_key(), large_pdf(size)

    await attachment_store().put(key, pieces(content))

    assert store.keys() == {key}
    assert await read(key, 0, size) == content
    assert await read(key, size // 2, size) == content[size // 2 :]


@pytest.mark.parametrize("size", [1, 6 * 1024 * 1024])
async def test_what_stops_in_the_middle_leaves_nothing_and_says_why(store: Store, size: int):
    with pytest.raises(StoppedError):
        await attachment_store().put(new_key(), pieces(large_pdf(size), stop=True))

    assert store.keys() == set()


async def test_every_object_is_listed_with_its_age(store: Store):
    keys = {new_key() for _ in range(3)}
    for key in keys:
        await attachment_store().put(key, pieces(b"x"))

    [page] = [page async for page in attachment_store().list_pages()]

    assert {found.key for found in page} == keys == store.keys()


async def test_objects_are_taken_away_and_those_that_are_gone_do_no_harm(store: Store):
    kept, dropped = new_key(), new_key()
    for key in (kept, dropped):
        await attachment_store().put(key, pieces(b"x"))

    await discard([dropped, new_key()])

    assert store.keys() == {kept}


async def test_an_object_that_is_lost_is_told(store: Store):
    key = new_key()
    await attachment_store().put(key, pieces(b"x"))
    store.delete(key)

    with pytest.raises(StoreUnavailable):
        await read(key, 0, 1)


async def test_a_store_that_is_away_is_told(environment: Environment):
    environment.set(
        OBJECT_STORE_URL="s3://bucket",
        OBJECT_STORE_ENDPOINT="http://127.0.0.1:1",
        OBJECT_STORE_REGION="eu-west-1",
        OBJECT_STORE_ACCESS_KEY_ID="anybody",
        OBJECT_STORE_SECRET_ACCESS_KEY="anything",  # noqa: S106  # nobody is there to be let in
    )
    with pytest.raises(StoreUnavailable):
        await attachment_store().put(new_key(), pieces(b"x"))
    # What can't be dropped now is the sweep's.
    await discard([new_key()])


async def test_two_keys_are_never_the_same(folder_store: FolderStore):
    assert folder_store.keys() == set()
    assert len({new_key() for _ in range(100)}) == 100
