"""Parameters of a request, as the protocol reads them: each at most once, an empty one is omitted (RFC 6749, 3.1)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from starlette.requests import Request

from local.identity_provider.oauth_error import OAuthError

FORM_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The values of the parameters that occur once and aren't empty, and the names of those that are repeated."""

    values: dict[str, str]
    repeated: frozenset[str]

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """The parameters of a query string or a form."""
        pairs = [*pairs]
        occurrences = Counter(name for name, _ in pairs)
        return cls(
            values={name: value for name, value in pairs if value and occurrences[name] == 1},
            repeated=frozenset(name for name, number in occurrences.items() if number > 1),
        )


async def parse_form(request: Request) -> Parameters:
    """The parameters in the body.

    Raises:
        OAuthError: The body is no form.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_MEDIA_TYPE:
        raise OAuthError("invalid_request", f"The body must be {FORM_MEDIA_TYPE}.")
    pairs = (await request.form()).multi_items()
    return Parameters.from_pairs((name, value) for name, value in pairs if isinstance(value, str))
