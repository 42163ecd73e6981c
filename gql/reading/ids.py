"""Relay's global ids: the name of a type and the key of a row, in base64."""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import Final

MAX_KEY: Final = 2**63 - 1
"""The highest key that a table can have."""
NO_ROW: Final = 0
"""A key that no row has: the key of an id that identifies no row of the requested type."""
_DIGITS: Final = len(str(MAX_KEY))


def global_id(type_name: str, key: int) -> str:
    """The id under which clients know a row, such as `Contract:12` in base64."""
    return b64encode(f"{type_name}:{key}".encode()).decode()


def from_global_id(value: str) -> tuple[str, int] | None:
    """The type name and key in a global id; None for anything that isn't one of ours."""
    try:
        type_name, _, digits = b64decode(value, validate=True).decode().partition(":")
    except (Base64Error, ValueError):
        return None
    if len(digits) > _DIGITS or not (digits.isascii() and digits.isdecimal()):
        return None
    key = int(digits)
    return (type_name, key) if 0 < key <= MAX_KEY and global_id(type_name, key) == value else None


def key_of(type_name: str, value: str) -> int | None:
    """The key in a global id of that type; None for an id of another type or for anything else."""
    parsed = from_global_id(value)
    return parsed[1] if parsed and parsed[0] == type_name else None


def row_key_of(type_name: str, value: str) -> int:
    """The same, with `NO_ROW` for an id of another type or for anything else: a query for it finds nothing."""
    return key_of(type_name, value) or NO_ROW
