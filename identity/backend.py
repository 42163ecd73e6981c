"""Authentication of requests, by bearer token or session."""

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from domain.actor import NOBODY, Actor
from identity import cookies, sessions
from identity.origin import is_same_origin
from identity.tokens import actor_of_token


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credentials of a request; a bearer token takes precedence over a session.

    Attributes:
        bearer: The bearer token.
        session: The token in the session cookie.
    """

    bearer: str | None = field(default=None, repr=False)
    session: str | None = field(default=None, repr=False)

    async def actor(self, *, active: bool = True) -> Actor:
        """The actor that they authenticate; nobody without credentials, or when the session has ended.

        Args:
            active: Whether the request counts as use of the session.

        Raises:
            InvalidToken: The bearer token is invalid; the response is 401 with its `challenge`.
            ProviderUnavailableError: The token can't be verified now; the response is 503.
        """
        if self.bearer is not None:
            return await actor_of_token(self.bearer)
        return NOBODY if self.session is None else await sessions.resume(self.session, active=active)


def credentials_of(connection: HTTPConnection) -> Credentials:
    """The credentials in the headers of a request to the API; only our own pages may use the session.

    Browsers send the cookie with requests from any page of the same site, such as another host of the domain.
    """
    credentials = _credentials(connection)
    if credentials.session is None or is_same_origin(connection):
        return credentials
    return Credentials(credentials.bearer)


def _credentials(connection: HTTPConnection) -> Credentials:
    return Credentials(
        bearer=bearer_token(connection.headers.get("authorization", "")),
        session=cookies.read(connection, "session"),
    )


def bearer_token(header: str) -> str | None:
    """The token in the value of an Authorization header; None when it holds another kind of credentials."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def actor_of(connection: HTTPConnection) -> Actor:
    """The actor of a request for a page, whichever site linked to it; nobody without credentials.

    Raises:
        InvalidToken: The bearer token is invalid; the response is 401 with its `challenge`.
        ProviderUnavailableError: The token can't be verified now; the response is 503.
    """
    return await _credentials(connection).actor()
