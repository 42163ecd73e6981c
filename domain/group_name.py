"""Normalisation of the names of groups."""

import unicodedata


def collapse_spaces(name: str) -> str:
    """The name without surrounding or doubled spaces, as it is stored."""
    return " ".join(name.split())


def name_key(name: str) -> str:
    """The name without case, accents and surrounding or doubled spaces (manual 3.1.1): equal keys, equal names."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    # Format characters, such as a zero-width space, are dropped too.
    letters = "".join(
        character
        for character in decomposed
        if not unicodedata.combining(character) and unicodedata.category(character) != "Cf"
    )
    return collapse_spaces(letters)
