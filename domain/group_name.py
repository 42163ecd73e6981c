"""How the names of groups are compared."""

import unicodedata


def name_key(name: str) -> str:
    """The name without case, accents and surrounding or doubled spaces (manual 3.1.1): equal keys, equal names."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(letters.split())
