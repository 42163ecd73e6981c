"""What a mail server says, without addresses: it is kept longer than they are."""

import re
from typing import Final

LONGEST: Final = 500
_APART: Final = r"\s<>()\[\]:;,\"'="
"""What stands between words, and in no address."""
# Each word is looked at once, from its beginning: others write these texts, and they may be long.
_ADDRESS: Final = re.compile(rf"(?<![^{_APART}@])[^{_APART}@]++@[^{_APART}]+")


def without_addresses(said: str) -> str:
    """The same on one line, with `…` for everything that looks like an address, and cut where it is too long.

    A sign that can't be shown, and that no table may be able to hold, becomes �.
    """
    line = " ".join(_ADDRESS.sub("…", said).split())[:LONGEST]
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in line)
