"""How lists are searched: for a part of a text, whatever its case and accents."""


def contains(texts: str) -> str:
    """SQL: does what `:value` names stand in one of the texts, whose expressions are listed with commas?"""
    looked_through = _folded(f"concat_ws(' ', {texts})")
    # What is asked for is folded once, and not for every row.
    return f"position((select {_folded(':value')}) in {looked_through}) > 0"


def _folded(text: str) -> str:
    return f"lower(unaccent({text}))"
