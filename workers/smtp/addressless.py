"""What a mail server says, without addresses: it is kept longer than they are."""

import re
from typing import Final

LONGEST: Final = 500
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]:;,\"'=]+@[^\s<>()\[\]:;,\"'=]+")


def without_addresses(said: str) -> str:
    """The same on one line, with `…` for everything that looks like an address, and cut where it is too long."""
    return " ".join(_ADDRESS.sub("…", said).split())[:LONGEST]
