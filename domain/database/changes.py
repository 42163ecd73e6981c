"""Notifications of changes from the database: the keys of the rows, once they are committed."""

from dataclasses import dataclass
from typing import Final

import orjson

CHANNEL: Final = "changes"
"""The channel of the notifications."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a notification is about: rows of one kind with the same owner.

    Attributes:
        kind: The model's name.
        owner: The key of the organisation or contract that the rows belong to; of a session, its own.
    """

    kind: str
    owner: int


@dataclass(frozen=True, slots=True)
class Change:
    """Rows that were inserted or updated.

    Attributes:
        topic: What they are rows of.
        keys: Their keys.
    """

    topic: Topic
    keys: list[int]


def parse_change(payload: str) -> Change:
    """The change in the payload of a notification, as the triggers of `change_triggers` write it."""
    content = orjson.loads(payload)
    return Change(Topic(content["kind"], content["owner"]), content["keys"])
