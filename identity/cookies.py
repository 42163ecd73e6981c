"""The two cookies: the session, and the sign-in in progress. No script reads them, no other site sends them."""

from typing import Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

from settings import settings

Cookie = Literal["session", "signin"]


def read(connection: HTTPConnection, cookie: Cookie) -> str | None:
    """The value of a cookie in a request."""
    return connection.cookies.get(_name(cookie))


def write(response: Response, cookie: Cookie, value: str, *, seconds: int | None = None) -> None:
    """Sets a cookie, for some seconds or until the browser is closed."""
    response.set_cookie(
        _name(cookie), value, max_age=seconds, path="/", secure=settings().uses_https, httponly=True, samesite="lax"
    )


def delete(response: Response, cookie: Cookie) -> None:
    """Deletes a cookie."""
    response.delete_cookie(_name(cookie), path="/", secure=settings().uses_https, httponly=True, samesite="lax")


def _name(cookie: Cookie) -> str:
    # Browsers accept a cookie with that prefix from this very host over https only.
    return f"__Host-{cookie}" if settings().uses_https else cookie
