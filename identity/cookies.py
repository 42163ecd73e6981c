"""The two cookies: the session, and the sign-in under way. No script reads them, no other site sends them along."""

from typing import Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

from settings import settings

Cookie = Literal["session", "signin"]


def read(connection: HTTPConnection, cookie: Cookie) -> str | None:
    """What the browser sent in it."""
    return connection.cookies.get(_name(cookie))


def write(response: Response, cookie: Cookie, value: str, *, seconds: int | None = None) -> None:
    """Gives it to the browser, for so many seconds or until the browser is closed."""
    response.set_cookie(
        _name(cookie), value, max_age=seconds, path="/", secure=settings().secure, httponly=True, samesite="lax"
    )


def delete(response: Response, cookie: Cookie) -> None:
    """Has the browser forget it."""
    response.delete_cookie(_name(cookie), path="/", secure=settings().secure, httponly=True, samesite="lax")


def _name(cookie: Cookie) -> str:
    # Browsers take a cookie of that prefix from this very host over https only.
    return f"__Host-{cookie}" if settings().secure else cookie
