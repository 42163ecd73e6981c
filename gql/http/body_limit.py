"""The maximum size of a request body."""

from typing import Final

from starlette.types import Message, Receive, Scope

MAX_BODY_BYTES: Final = 1_000_000
"""The size of one request: an operation with its variables. Files are uploaded to `gql.files`."""


class BodyTooLargeError(Exception):
    """The request body exceeds the maximum size."""


def limit_body(scope: Scope, receive: Receive, max_bytes: int = MAX_BODY_BYTES) -> Receive:
    """Wraps an ASGI `receive` so that no more than the maximum size is read.

    Args:
        scope: The request's.
        receive: The server's.
        max_bytes: The maximum size.

    Raises:
        BodyTooLargeError: From the returned function: the body, or its Content-Length, exceeds the maximum.
    """
    content_length = dict(scope["headers"]).get(b"content-length", b"0")
    declared = int(content_length[:20]) if content_length.isdigit() else 0
    received = 0

    async def limited_receive() -> Message:
        nonlocal received
        if declared > max_bytes:
            raise BodyTooLargeError
        message = await receive()
        received += len(message.get("body", b""))
        if received > max_bytes:
            raise BodyTooLargeError
        return message

    return limited_receive
