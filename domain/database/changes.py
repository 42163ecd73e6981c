"""What the database tells of changes, whoever made them: the keys of the rows, once they are committed."""

from dataclasses import dataclass
from typing import Final

import orjson

CHANNEL: Final = "changes"
"""The channel that every listener listens on."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What changes are told about together: rows of one kind that one row owns.

    Attributes:
        kind: The model's name.
        owner: The key of the organisation or contract that the rows belong to; of a session, its own.
    """

    kind: str
    owner: int


@dataclass(frozen=True, slots=True)
class Change:
    """Rows that were made or changed.

    Attributes:
        topic: What they are rows of.
        keys: Their keys.
    """

    topic: Topic
    keys: list[int]


def read_change(payload: str) -> Change:
    """Reads what the triggers of `domain/migrations` wrote."""
    content = orjson.loads(payload)
    return Change(Topic(content["kind"], content["owner"]), content["keys"])
