"""Language negotiation."""

from functools import lru_cache

from babel.core import negotiate_locale
from starlette.requests import HTTPConnection

from gql.http.accept_headers import CACHE_SIZE, by_weight
from wording import DEFAULT, LANGUAGES


def language_of(request: HTTPConnection) -> str:
    """The language in which a request is answered: `nl`, `fr`, `en` or `de`."""
    return preferred_language(request.headers.get("accept-language"))


@lru_cache(CACHE_SIZE)
def preferred_language(accept_language: str | None) -> str:
    """The best of `nl`, `fr`, `en` and `de` for an Accept-Language header (RFC 9110); Dutch if none is accepted."""
    # Babel returns the tag in the client's spelling.
    return (negotiate_locale(by_weight(accept_language), LANGUAGES, sep="-") or DEFAULT).lower()
