"""How the protocol says no, outside the browser (RFC 6749, 5.2)."""

from starlette.responses import JSONResponse

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class ProtocolError(Exception):
    """A request that the protocol refuses.

    Args:
        error: The protocol's code.
        description: For the developer; ASCII without quotes and backslashes.
        status: The HTTP status.
    """

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status

    def response(self) -> JSONResponse:
        """The answer of an endpoint that no person looks at."""
        challenge = {"WWW-Authenticate": 'Basic realm="token"'} if self.status == 401 else {}  # noqa: PLR2004  # HTTP's
        body = {"error": self.error, "error_description": self.description}
        return JSONResponse(body, self.status, NO_STORE | challenge)
