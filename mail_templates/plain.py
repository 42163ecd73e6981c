"""Facts that others filled in, made harmless: on one line, and in a direction of writing of their own."""

import re
from typing import Final

from markupsafe import Markup, escape

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TURNING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of writing, with which a title could make an address look like another."""
_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Hebrew, Arabic, and the other letters that are written from right to left."""
_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"


def one_line(text: str) -> str:
    """The text without line breaks and other control characters, so that a fact stays inside its place."""
    # Most are so already, which is told much faster: none of those signs is printable.
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(_CONTROLS.sub(" ", _TURNING.sub("", text)).split())


def isolated(text: str) -> str:
    """The text as it stands in a line of plain text: the words around it keep their places, whichever way it runs."""
    return f"{_ISOLATE}{text}{_POP_ISOLATE}" if _runs_from_right(text) else text


def isolated_markup(text: str) -> Markup:
    """The same in HTML."""
    return Markup("<bdi>{}</bdi>").format(text) if _runs_from_right(text) else escape(text)


def _runs_from_right(text: str) -> bool:
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None
