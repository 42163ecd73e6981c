"""Search in lists: for a part of a text, ignoring case, accents and surrounding space."""

from typing import Final

# Numbers that are copied from a mail or a spreadsheet may bring such space along.
_SPACE: Final = r"E' \t\r\n\u00a0'"


def contains(texts: str) -> str:
    """SQL: is `:value` a part of the texts?

    Args:
        texts: SQL expressions, separated by commas.
    """
    haystack = _folded(f"concat_ws(' ', {texts})")
    # The subquery folds the value once, and not for every row.
    return f"position((select {_folded(f'btrim(:value, {_SPACE})')}) in {haystack}) > 0"


def _folded(text: str) -> str:
    return f"lower(unaccent({text}))"
