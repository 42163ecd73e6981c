"""Parsing of `Accept` and `Accept-Language` (RFC 9110, 12.4.2)."""

from typing import Final

from werkzeug.http import parse_accept_header

CACHE_SIZE: Final = 64
"""How many values of such a header are cached with their meaning; clients send few different ones."""


def by_weight(header: str | None) -> list[str]:
    """The values of the header by descending weight, without parameters; those with weight 0 are left out."""
    return [value.partition(";")[0] for value, weight in parse_accept_header(header) if weight > 0]
