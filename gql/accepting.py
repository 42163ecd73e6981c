"""What a header of preferences (RFC 9110, 12.4.2) names, by weight."""

from typing import Final

HEADERS: Final = 64
"""How many such headers it is kept of what they come to: clients send few different ones."""


def by_weight(header: str | None) -> list[str]:
    """What the header names, best first; what weighs nothing is left out."""
    weighted = [_weighted(part) for part in (header or "").split(",") if part.strip()]
    # Equal weights keep their order.
    return [name for name, weight in sorted(weighted, key=lambda each: -each[1]) if weight > 0]


def _weighted(part: str) -> tuple[str, float]:
    named, *parameters = part.strip().split(";")
    for parameter in parameters:
        name, _, weight = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                return named.strip(), float(weight)
            except ValueError:
                return named.strip(), 0.0
    return named.strip(), 1.0
