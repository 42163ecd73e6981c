"""How lists are searched: for a part of a text, whatever its case and accents, and the space around it."""

from typing import Final

# A number that is copied from a mail or a sheet brings such along.
_SPACE: Final = r"E' \t\r\n\u00a0'"


def contains(texts: str) -> str:
    """SQL: does what `:value` names stand in one of the texts, whose expressions are listed with commas?"""
    looked_through = _folded(f"concat_ws(' ', {texts})")
    # What is asked for is folded once, and not for every row.
    return f"position((select {_folded(f'btrim(:value, {_SPACE})')}) in {looked_through}) > 0"


def _folded(text: str) -> str:
    return f"lower(unaccent({text}))"
