"""Top-level errors that we word ourselves: each a stable code, the English text, and the facts that belong in it."""

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


class Fault(GraphQLError):  # noqa: N818  # it names the answer, as the API's codes do
    """What is said beside `data`, or in place of it; `gql.errors` words it in the reader's language.

    As an error of the GraphQL library it can be raised wherever an operation is read, weighed or answered; its own
    message there is the English one.

    Attributes:
        code: The code in `extensions`.
        sentence: What is read, in English, with `{names}` of the facts: the message's name in the catalogues.
        status: The status over HTTP, where nothing else is answered.
        figure_names: The facts that stand in `extensions`, too, and what they are called there.
        facts: The figures and names that the sentence tells.
    """

    code: ClassVar[str] = BAD_INPUT
    sentence: ClassVar[str]
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    figure_names: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.sentence.format(**facts))
        self.facts = facts

    @property
    def figures(self) -> dict[str, int]:
        """What else stands in `extensions`: what was asked, what is allowed, how long to wait, where that is why."""
        return {name: self.facts[fact] for fact, name in self.figure_names.items()}


class Failed(Fault):
    """Something that nobody expected, of which no more is said."""

    code = INTERNAL
    sentence = "Something went wrong on our side. Give the helpdesk the request's id."
    status = HTTPStatus.INTERNAL_SERVER_ERROR


class NoOperation(Fault):
    """A request says neither what is asked nor by which name we know it."""

    sentence = "The request has no operation: put the document into `query`, or name it by `documentId`."


class OnlySubscriptionsStreamed(Fault):
    """A query or mutation is to be answered by a stream."""

    sentence = "Only subscriptions are streamed. Post queries and mutations, and accept JSON."


class TooManyDigits(Fault):
    """A number stands in the document that Python doesn't read; the library takes that for a failure of ours."""

    sentence = "Int cannot represent a whole number of so many digits: it takes 32 bits."
