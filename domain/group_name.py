"""How the names of groups are kept and compared."""

import unicodedata


def spaced_once(name: str) -> str:
    """The name without surrounding or doubled spaces, as it is kept and as mails show it."""
    return " ".join(name.split())


def name_key(name: str) -> str:
    """The name without case, accents and surrounding or doubled spaces (manual 3.1.1): equal keys, equal names."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    # Nor what nobody sees, such as a space of no width.
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    return spaced_once(letters)
