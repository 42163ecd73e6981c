"""How the names of groups are compared."""

import unicodedata


def name_key(name: str) -> str:
    """The name without case, accents and surrounding or doubled spaces (manual 3.1.1): equal keys, equal names."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    # Nor what nobody sees, such as a space of no width.
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    return " ".join(letters.split())
