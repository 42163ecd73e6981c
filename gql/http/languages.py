"""Which of our languages a reader prefers."""

from functools import lru_cache

from babel.core import negotiate_locale

from gql.http.preferences import HEADERS, by_weight
from wording import DEFAULT, LANGUAGES


@lru_cache(HEADERS)
def preferred_language(accept_language: str | None) -> str:
    """The best of `nl`, `fr`, `en` and `de` for an Accept-Language header (RFC 9110); Dutch failing one."""
    # What is negotiated comes back as it was written.
    return (negotiate_locale(by_weight(accept_language), LANGUAGES, sep="-") or DEFAULT).lower()
