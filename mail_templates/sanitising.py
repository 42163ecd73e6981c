"""Sanitises texts that users entered: control characters are removed, and right-to-left text is isolated."""

import re
from typing import Final

from markupsafe import Markup, escape

_CONTROL_CHARACTERS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BIDI_CONTROLS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that change the direction of writing, with which a title could make an address look like another."""
_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Hebrew, Arabic, and the other letters that are written from right to left."""
_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"


def to_single_line(text: str) -> str:
    """The text without line breaks and other control characters."""
    # Most texts have none of these characters, none of which is printable; this check is much faster.
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(_CONTROL_CHARACTERS.sub(" ", _BIDI_CONTROLS.sub("", text)).split())


def isolate_text(text: str) -> str:
    """The text for a line of plain text; right-to-left text is isolated from the words around it."""
    return f"{_ISOLATE}{text}{_POP_ISOLATE}" if _has_right_to_left(text) else text


def isolate_markup(text: str) -> Markup:
    """The same in HTML."""
    return Markup("<bdi>{}</bdi>").format(text) if _has_right_to_left(text) else escape(text)


def _has_right_to_left(text: str) -> bool:
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None
