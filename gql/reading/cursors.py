"""Cursors: positions in an order, which clients send back and can forge."""

from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import orjson

from gql.reading.ids import MAX_KEY


@dataclass(frozen=True)
class Cursor:
    """A position in an order: the value there, as PostgreSQL's text, and the row's key."""

    value: str
    key: int

    def encode(self, order: str) -> str:
        """The cursor as clients get it; it is valid only in connections of the same order."""
        return encode_cursor(order, self.value, self.key)

    @classmethod
    def decode(cls, encoded: str, order: str, sql_type: str) -> "Cursor":
        """Decodes a cursor that a client sent: its order must be `order`, its value of the SQL type `sql_type`.

        Raises:
            ValueError: It isn't a cursor, or it is one of another order.
        """
        parts = orjson.loads(b64decode(encoded, validate=True))
        if not isinstance(parts, list) or [type(part) for part in parts] != [str, str, int] or parts[0] != order:
            raise ValueError(encoded)
        return cls(VALUE_PARSERS[sql_type](parts[1]), _key(parts[2]))


def encode_cursor(order: str, value: str, key: int) -> str:
    """The same for a value and a key; the engine calls it for each row, without an object per cursor."""
    return b2a_base64(orjson.dumps([order, value, key]), newline=False).decode()


def is_storable(text: str) -> bool:
    """Can PostgreSQL hold this text?"""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _key(number: int) -> int:
    if not 0 < number <= MAX_KEY:
        raise ValueError(number)
    return number


def _text(value: str) -> str:
    if not is_storable(value):
        raise ValueError(value)
    return value


def _whole_number(value: str) -> str:
    number = int(value)
    if abs(number) > MAX_KEY:
        raise ValueError(value)
    return str(number)


def _moment(value: str) -> str:
    """In UTC: PostgreSQL accepts fewer offsets from it than Python does."""
    moment = datetime.fromisoformat(value)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except OverflowError:
        raise ValueError(value) from None


VALUE_PARSERS: Final[dict[str, Callable[[str], str]]] = {
    "bigint": _whole_number,
    "date": lambda value: date.fromisoformat(value).isoformat(),
    "text": _text,
    "timestamptz": _moment,
}
"""Validates a cursor's value, by the SQL type of its order, so that the database gets only what it accepts."""
