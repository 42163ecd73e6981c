"""Whoever sees a row sees what it can't be without, and what else is declared to be seen with it."""

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
    """`REFRESH_GOLDEN=1 make test TESTS=tests/gql/test_non_null.py` writes them anew."""
    text = "".join(f"{path}\n" for path in sorted(map(str, non_null_paths())))
    if os.environ.get("REFRESH_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")

    assert GOLDEN.read_text(encoding="utf-8") == text


async def test_whoever_sees_a_row_sees_what_its_foreign_keys_lead_to(a_random_world: RandomWorld):
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


async def test_whoever_sees_a_row_sees_what_its_queries_lead_to(a_random_world: RandomWorld):
    """As the graph answers: what stands at the end of a path is never asked whether the viewer may see it."""
    documents = _documents()
    met: set[str] = set()
    for actor, viewer in a_random_world.viewers()[::4]:
        if not viewer.signed_in:
            continue
        answers = [await read(actor, documents["Viewer"])] if viewer.person else []
        for start in documents.keys() - {"Viewer"}:
            ids = [global_id(start, key) for key in sorted(seen(viewer, _model(start)))[:100]]
            answers += [await read(actor, documents[start], ids=each) for each in _affordable(ids)]
        for type_name, keys in _found(answers).items():
            met.add(type_name)
            assert keys <= seen(viewer, _model(type_name)), (actor, type_name)
    assert met >= {path.target for path in _from_queries()}


def _from_queries() -> list[NonNullPath]:
    """The paths that start from rows of queries, go through them, or follow other SQL, and that a query can follow."""
    return [path for path in non_null_paths() if path.is_queryable and not _is_direct(path)]


def _is_direct(path: NonNullPath) -> bool:
    """Is it a foreign key of the table that it starts from?"""
    return len(path.steps) == 1 and SOURCES[path.start].model is not None and path.by_foreign_key


def _model(type_name: str) -> Any:
    return SOURCES[type_name].model


def _affordable(ids: list[str]) -> list[list[str]]:
    """So many at a time as one operation may ask all of this about."""
    return [ids[place : place + 5] for place in range(0, len(ids), 5)] or [[]]


def _documents() -> dict[str, str]:
    """A query for each type from which rows of queries are reached: all of its paths at once."""
    selections: dict[str, list[str]] = defaultdict(list)
    for path in _from_queries():
        selections[path.start].append(path.selection())
    documents = {
        start: NODES.format(start=start, selection=" ".join(each))
        for start, each in selections.items()
        if start != "Viewer"
    }
    return documents | {"Viewer": f"{{ viewer {{ {' '.join(selections['Viewer'])} }} }}"}


def _found(answer: Any) -> dict[str, set[int]]:
    """The keys of every object in an answer by its type."""
    keys: dict[str, set[int]] = defaultdict(set)
    for node in _objects(answer):
        named = from_global_id(node["id"])
        assert named is not None
        assert named[0] == node["__typename"]
        keys[named[0]].add(named[1])
    return keys


def _objects(answer: Any) -> Iterator[dict[str, Any]]:
    if isinstance(answer, list):
        for each in answer:
            yield from _objects(each)
    elif isinstance(answer, dict):
        if "id" in answer:
            yield answer
        for value in answer.values():
            yield from _objects(value)
