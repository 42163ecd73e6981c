"""What a header of preferences (RFC 9110, 12.4.2) names, by weight."""

from typing import Final

from werkzeug.http import parse_accept_header

HEADERS: Final = 64
"""For how many different values of such a header it is kept what they mean; clients send few."""


def by_weight(header: str | None) -> list[str]:
    """What the header names, best first, without parameters; what weighs nothing is left out."""
    return [named.partition(";")[0] for named, weight in parse_accept_header(header) if weight > 0]
