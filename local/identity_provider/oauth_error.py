"""Error responses to clients, outside the browser (RFC 6749, 5.2)."""

from http import HTTPStatus

from starlette.responses import JSONResponse

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthError(Exception):
    """A request that is refused with an error of the protocol.

    Args:
        error: The protocol's error code.
        description: For the developer; ASCII without quotes and backslashes.
        status: The HTTP status.
    """

    def __init__(self, error: str, description: str, *, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status

    def response(self) -> JSONResponse:
        """The error response."""
        challenge = {"WWW-Authenticate": 'Basic realm="token"'} if self.status == HTTPStatus.UNAUTHORIZED else {}
        body = {"error": self.error, "error_description": self.description}
        return JSONResponse(body, self.status, NO_STORE | challenge)
