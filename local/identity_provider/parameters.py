"""Parameters of a request, as the protocol reads them: each at most once, an empty one is none (RFC 6749, 3.1)."""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request

from local.identity_provider.protocol_error import ProtocolError

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What was given once, and the names of what was given more often."""

    given: dict[str, str]
    repeated: frozenset[str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Parameters":
        """Sorts the pairs of a query or a form."""
        given: dict[str, str] = {}
        repeated: set[str] = set()
        for name, value in pairs:
            if name in given:
                repeated.add(name)
            given[name] = value
        kept = {name: value for name, value in given.items() if value and name not in repeated}
        return cls(kept, frozenset(repeated))


async def form_of(request: Request) -> Parameters:
    """The parameters in the body.

    Raises:
        ProtocolError: The body is no form.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise ProtocolError("invalid_request", f"The body must be {FORM}.")
    pairs = (await request.form()).multi_items()
    return Parameters.of((name, value) for name, value in pairs if isinstance(value, str))
