"""Top-level errors with our own messages: each has a stable code, an English message template and its facts."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Final

from graphql import GraphQLError

BAD_INPUT: Final = "BAD_INPUT"
UNAUTHENTICATED: Final = "UNAUTHENTICATED"
TOO_EXPENSIVE: Final = "TOO_EXPENSIVE"
RATE_LIMITED: Final = "RATE_LIMITED"
NOT_FOUND: Final = "NOT_FOUND"
INTERNAL: Final = "INTERNAL"


class Fault(GraphQLError):  # noqa: N818  # named as the API's error codes are
    """A top-level error, with or without `data`; `gql.errors` translates its message.

    As a `GraphQLError` it can be raised wherever an operation is parsed, validated or executed. Its `message` is the
    English one.

    Attributes:
        code: The code in `extensions`.
        message_template: The English message, with `{names}` of the facts: its key in the catalogues.
        status: The HTTP status, if the operation is not executed.
        extension_names: Which facts are also in `extensions`, with their names there.
        facts: The values for the template.
    """

    code: ClassVar[str] = BAD_INPUT
    message_template: ClassVar[str]
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    extension_names: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.message_template.format(**facts))
        self.facts = facts

    @property
    def extension_values(self) -> dict[str, int]:
        """The facts in `extensions`, such as `asked`, `allowed` and `retryAfter`, by their names there."""
        return {name: self.facts[fact] for fact, name in self.extension_names.items()}


class InternalFault(Fault):
    """An unexpected failure of ours, without detail."""

    code = INTERNAL
    message_template = "Something went wrong on our side. Give the helpdesk the request's id."
    status = HTTPStatus.INTERNAL_SERVER_ERROR


class MissingOperation(Fault):
    """A request has neither a document nor the id of one."""

    message_template = "The request has no operation: put the document into `query`, or name it by `documentId`."


class OperationNotStreamable(Fault):
    """A query or mutation is sent over a stream transport, which takes subscriptions only."""

    message_template = "Only subscriptions are streamed. Post queries and mutations, and accept JSON."


class TooManyDigits(Fault):
    """The document has an integer that Python refuses to parse; the library reports that as our failure."""

    message_template = "Int cannot represent a whole number of so many digits: it takes 32 bits."
