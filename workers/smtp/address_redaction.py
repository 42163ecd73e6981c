"""Removes mail addresses from what a mail server says: replies are stored for longer than addresses may be."""

import re
from typing import Final

MAX_LENGTH: Final = 500
_DELIMITERS: Final = r"\s<>()\[\]:;,\"'="
"""Characters that separate words and occur in no address."""
# Each word is matched once, from its beginning: the text is not ours, and may be long.
_ADDRESS: Final = re.compile(rf"(?<![^{_DELIMITERS}@])[^{_DELIMITERS}@]++@[^{_DELIMITERS}]+")


def redact_addresses(text: str) -> str:
    """The text on one line, with `…` in place of everything that looks like an address, cut to `MAX_LENGTH`.

    Unprintable characters, which a text column may not be able to hold, become �.
    """
    line = " ".join(_ADDRESS.sub("…", text).split())[:MAX_LENGTH]
    return "".join(character if character.isprintable() else "\ufffd" for character in line)
