"""From a request to the one who makes it."""

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from domain.actor import NOBODY, Actor
from identity import cookies, sessions
from identity.origin import from_our_pages
from identity.tokens import actor_of_token


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brings to say who makes it; a bearer token counts before a session.

    Attributes:
        bearer: The bearer token.
        session: The token in the session's cookie.
    """

    bearer: str | None = field(default=None, repr=False)
    session: str | None = field(default=None, repr=False)

    async def actor(self, *, active: bool = True) -> Actor:
        """Who it is now; nobody without credentials, or when the session has ended.

        Args:
            active: Whether the person does something, so that their session is in use.

        Raises:
            InvalidToken: The bearer token is not to be believed; the answer is 401 with its `challenge`.
            ProviderUnavailableError: The token can't be checked now; the answer is 503.
        """
        if self.bearer is not None:
            return await actor_of_token(self.bearer)
        return NOBODY if self.session is None else await sessions.resume(self.session, active=active)


def credentials_of(connection: HTTPConnection) -> Credentials:
    """What a request to the API brings in its headers: no other page than ours is to use the session.

    Browsers send the cookie along for whoever shares our site, such as another host of the same domain.
    """
    brought = _brought(connection)
    return brought if brought.session is None or from_our_pages(connection) else Credentials(brought.bearer)


def _brought(connection: HTTPConnection) -> Credentials:
    return Credentials(
        bearer=bearer_token(connection.headers.get("authorization", "")),
        session=cookies.read(connection, "session"),
    )


def bearer_token(header: str) -> str | None:
    """The token in the value of an Authorization header; None when it holds another kind of credentials."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def actor_of(connection: HTTPConnection) -> Actor:
    """Who opens a page of ours, wherever the link to it stood: by bearer token or session; otherwise nobody.

    Raises:
        InvalidToken: The bearer token is not to be believed; the answer is 401 with its `challenge`.
        ProviderUnavailableError: The token can't be checked now; the answer is 503.
    """
    return await _brought(connection).actor()
