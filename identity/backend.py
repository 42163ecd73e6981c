"""From a request to the one who makes it."""

from starlette.requests import HTTPConnection

from domain.actor import NOBODY, Actor
from identity import cookies, sessions
from identity.tokens import actor_of_token


async def actor_of(connection: HTTPConnection) -> Actor:
    """Who makes a request: by its bearer token; failing one, by its session cookie; otherwise nobody.

    Raises:
        InvalidToken: The bearer token is not to be believed; the answer is 401 with its `challenge`.
        ProviderUnavailableError: The token can't be checked now; the answer is 503.
    """
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await actor_of_token(token.strip())
    session = cookies.given(connection, "session")
    return NOBODY if session is None else await sessions.resume(session)
