"""Language negotiation."""

from functools import lru_cache

from babel.core import negotiate_locale

from gql.http.accept_headers import CACHE_SIZE, by_weight
from wording import DEFAULT, LANGUAGES


@lru_cache(CACHE_SIZE)
def preferred_language(accept_language: str | None) -> str:
    """The best of `nl`, `fr`, `en` and `de` for an Accept-Language header (RFC 9110); Dutch if none is accepted."""
    # Babel returns the tag in the client's spelling.
    return (negotiate_locale(by_weight(accept_language), LANGUAGES, sep="-") or DEFAULT).lower()
