"""The signs of the table for fields of a response."""

from collections.abc import Iterator
from typing import Any

from tests.authorisation.table import ABSENT, EMPTY, NULL, READ


def sign(value: dict[str, Any] | None, path: str) -> str:
    """The sign of a field of an object; `value` is None if the object doesn't exist for the viewer."""
    if value is None:
        return ABSENT
    field, _, ability = path.partition(": ")
    if ability:
        return READ if ability in value[field] else NULL
    signs = set(_signs_at([value], path.split(".")))
    return next(each for each in (READ, NULL, EMPTY) if each in signs)


def _signs_at(rows: list[Any], steps: list[str]) -> Iterator[str]:
    """The sign of each row at the end of the path; rows of other members of a union have an empty list."""
    step, *further = steps
    for row in rows:
        values = _values(row.get(step, []))
        if values is None:
            yield NULL
        elif not values:
            yield EMPTY
        elif further:
            yield from _signs_at(values, further)
        else:
            yield READ


def _values(value: Any) -> list[Any] | None:
    """A list's values, a connection's rows, or the only value."""
    if isinstance(value, dict) and "totalCount" in value:
        rows = [edge["node"] for edge in value["edges"]]
        assert value["totalCount"] == len(rows), "totalCount counts rows that the viewer doesn't see."
        return rows
    if isinstance(value, list):
        return [each for each in value if each is not None]
    return value if value is None else [value]


def ids_in(data: Any) -> Iterator[str]:
    """The global ids of all objects in a response."""
    if isinstance(data, list):
        for each in data:
            yield from ids_in(each)
    elif isinstance(data, dict):
        if "id" in data and "__typename" in data:
            yield data["id"]
        for value in data.values():
            yield from ids_in(value)
