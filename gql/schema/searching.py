"""How lists are searched: for a part of a text, whatever its case and accents."""

from typing import Final

_MARKS: Final = r"[\u0300-\u036f]"
"""What is left of accents once letters stand apart from them."""


def contains(texts: str) -> str:
    """SQL: does what `:value` names stand in one of the texts, whose expressions are listed with commas?"""
    looked_through = _folded(f"concat_ws(' ', {texts})")
    # What is asked for is folded once, and not for every row.
    return f"position((select {_folded(':value')}) in {looked_through}) > 0"


def _folded(text: str) -> str:
    return f"lower(regexp_replace(normalize({text}, NFKD), '{_MARKS}', '', 'g'))"
