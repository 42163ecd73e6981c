"""Whoever sees a row also sees the rows of its non-null fields and those declared visible with it."""

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

from gql.reading.ids import from_global_id, global_id
from gql.reading.sources import SOURCES
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.visibility import seen
from tests.gql.declared_fields import NonNullPath, non_null_paths
from tests.gql.execution import read

GOLDEN = File(__file__).parent / "golden" / "non_null_paths.txt"
NODES = "query($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename id ... on {start} {{ {selection} }} }} }}"


def test_the_paths_are_those_that_were_reviewed():
    """`REFRESH_GOLDEN=1 make test TESTS=tests/gql/test_non_null.py` rewrites them."""
    text = "".join(f"{path}\n" for path in sorted(map(str, non_null_paths())))
    if os.environ.get("REFRESH_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")

    assert GOLDEN.read_text(encoding="utf-8") == text


async def test_whoever_sees_a_row_sees_the_rows_of_its_foreign_keys(a_random_world: RandomWorld):
    world = a_random_world.world
    direct = [path for path in non_null_paths() if _is_direct(path)]
    for actor, viewer in a_random_world.viewers():
        rows = {model: seen(viewer, model) for model in {_model(path.start) for path in direct}}
        rows |= {model: seen(viewer, model) for model in {_model(path.target) for path in direct}}
        for path in direct:
            [field] = path.steps
            column = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in field)
            keys = {getattr(world.one(_model(path.start), key), f"{column}_id") for key in rows[_model(path.start)]}
            assert keys <= rows[_model(path.target)], (actor, str(path))


async def test_whoever_sees_a_row_sees_the_rows_of_its_queries(a_random_world: RandomWorld):
    """From the responses of the API, which does not check the visibility of the row at the end of a path."""
    documents = _documents()
    reached: set[str] = set()
    for actor, viewer in a_random_world.viewers()[::4]:
        if not viewer.signed_in:
            continue
        responses = [await read(actor, documents["Viewer"])] if viewer.person else []
        for start in documents.keys() - {"Viewer"}:
            ids = [global_id(start, key) for key in sorted(seen(viewer, _model(start)))[:100]]
            responses += [await read(actor, documents[start], ids=batch) for batch in _batches(ids)]
        for type_name, keys in _keys_by_type(responses).items():
            reached.add(type_name)
            assert keys <= seen(viewer, _model(type_name)), (actor, type_name)
    assert reached >= {path.target for path in _from_queries()}


def _from_queries() -> list[NonNullPath]:
    """The paths that a query can follow and that involve rows of queries or SQL other than a foreign key."""
    return [path for path in non_null_paths() if path.is_queryable and not _is_direct(path)]


def _is_direct(path: NonNullPath) -> bool:
    """Is the path a foreign key of the table that it starts from?"""
    return len(path.steps) == 1 and SOURCES[path.start].model is not None and path.by_foreign_key


def _model(type_name: str) -> Any:
    return SOURCES[type_name].model


def _batches(ids: list[str]) -> list[list[str]]:
    """Batches of ids for which one operation with all paths stays within the cost limit."""
    return [ids[start : start + 5] for start in range(0, len(ids), 5)] or [[]]


def _documents() -> dict[str, str]:
    """For each type with such paths, a query that follows all of them."""
    selections: dict[str, list[str]] = defaultdict(list)
    for path in _from_queries():
        selections[path.start].append(path.selection())
    documents = {
        start: NODES.format(start=start, selection=" ".join(selection))
        for start, selection in selections.items()
        if start != "Viewer"
    }
    return documents | {"Viewer": f"{{ viewer {{ {' '.join(selections['Viewer'])} }} }}"}


def _keys_by_type(response: Any) -> dict[str, set[int]]:
    """The keys of all objects in a response, by type."""
    keys: dict[str, set[int]] = defaultdict(set)
    for node in _objects(response):
        type_and_key = from_global_id(node["id"])
        assert type_and_key is not None
        assert type_and_key[0] == node["__typename"]
        keys[type_and_key[0]].add(type_and_key[1])
    return keys


def _objects(response: Any) -> Iterator[dict[str, Any]]:
    if isinstance(response, list):
        for item in response:
            yield from _objects(item)
    elif isinstance(response, dict):
        if "id" in response:
            yield response
        for value in response.values():
            yield from _objects(value)
