"""The body of a request, read no further than it may be long."""

from typing import Final

from starlette.types import Message, Receive, Scope

LONGEST: Final = 1_000_000
"""Bytes of one request: an operation with its variables. Files go another way."""


class BodyTooLongError(Exception):
    """A request's body is longer than it may be."""


def bounded(scope: Scope, receive: Receive, longest: int = LONGEST) -> Receive:
    """What a request is read through, so that no more of it is kept than may be.

    Args:
        scope: The request's.
        receive: What the server gives.
        longest: How many bytes may come.

    Raises:
        BodyTooLongError: From what is returned: the body is too long, or says so beforehand.
    """
    length = dict(scope["headers"]).get(b"content-length", b"0")
    announced = int(length[:20]) if length.isdigit() else 0
    received = 0

    async def bounded_receive() -> Message:
        nonlocal received
        if announced > longest:
            raise BodyTooLongError
        message = await receive()
        received += len(message.get("body", b""))
        if received > longest:
            raise BodyTooLongError
        return message

    return bounded_receive
