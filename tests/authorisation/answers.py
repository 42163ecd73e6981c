"""What became of a field in an answer, as the table signs it."""

from collections.abc import Iterator
from typing import Any

from tests.authorisation.table import ABSENT, EMPTY, NULL, READ


def sign(found: dict[str, Any] | None, path: str) -> str:
    """What somebody gets of a field of an object; None is an object that doesn't exist for them."""
    if found is None:
        return ABSENT
    field, _, ability = path.partition(": ")
    if ability:
        return READ if ability in found[field] else NULL
    met = set(_met([found], path.split(".")))
    return next(each for each in (READ, NULL, EMPTY) if each in met)


def _met(rows: list[Any], steps: list[str]) -> Iterator[str]:
    """What each of the rows has at the end of the steps; rows of another member of a union have nothing."""
    step, *further = steps
    for row in rows:
        values = _values(row.get(step, []))
        if values is None:
            yield NULL
        elif not values:
            yield EMPTY
        elif further:
            yield from _met(values, further)
        else:
            yield READ


def _values(value: Any) -> list[Any] | None:
    """A list's values, a connection's rows, or the only value."""
    if isinstance(value, dict) and "totalCount" in value:
        rows = [edge["node"] for edge in value["edges"]]
        assert value["totalCount"] == len(rows), "A total tells of rows that its reader doesn't see."
        return rows
    if isinstance(value, list):
        return [each for each in value if each is not None]
    return value if value is None else [value]


def ids_in(answer: Any) -> Iterator[str]:
    """The global id of every object that an answer leads to."""
    if isinstance(answer, list):
        for each in answer:
            yield from ids_in(each)
    elif isinstance(answer, dict):
        if "id" in answer and "__typename" in answer:
            yield answer["id"]
        for value in answer.values():
            yield from ids_in(value)
