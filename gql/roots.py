"""The fields of Query and Mutation: each names the function that answers it, and asks first who is there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import structlog
from graphql import GraphQLError
from strawberry.types.field import StrawberryField

from domain.actor import Actor
from domain.refusals import RateLimited, Refusal, Refusals
from gql.context import Context
from gql.faults import UNAUTHENTICATED, Fault
from gql.reading.engine.root_lookups import RootLookup
from gql.reading.fields import Argument, strawberry_arguments
from gql.reading.sources import Record
from gql.user_errors import unexpected_error, user_error

log = structlog.get_logger()

Input = TypeVar("Input")
"""The type of a mutation's input."""


class Unauthenticated(Fault):
    """Nobody is signed in, and the field is for those who are."""

    code = UNAUTHENTICATED
    message_template = "Sign in first: this is for people and systems that are known."


class Root(Protocol):
    """What stands behind a field of Query or Mutation."""

    def answer(self, context: Context, arguments: dict[str, Any]) -> Awaitable[Any]:
        """The field's value for one request.

        Raises:
            Unauthenticated: Nobody is signed in, and the field is for those who are.
        """


@dataclass(frozen=True)
class Outcome:
    """What a function gives for a payload with several fields: each by its name in Python."""

    fields: dict[str, Any]


@dataclass(frozen=True)
class QueryRoot:
    """What stands behind a field of Query.

    Attributes:
        function: Called with the context and the arguments.
        for_anyone: Whether it answers those, too, who are not signed in.
        lookup: How the reading engine finds what the function gives; without one the function is always called.
    """

    function: Callable[..., Awaitable[Any]]
    for_anyone: bool
    lookup: RootLookup | None = None

    def answer(self, context: Context, arguments: dict[str, Any]) -> Awaitable[Any]:
        """What the function gives."""
        if not (self.for_anyone or context.actor.signed_in):
            raise Unauthenticated
        return self.function(context, **arguments)


@dataclass(frozen=True)
class MutationRoot:
    """What stands behind a field of Mutation: its payload has what the function gives, and the refusals.

    Attributes:
        function: Called with the actor and the input; carries out one rule.
        result: The payload's field for what the function gives.
        defaults: The payload's fields that the function doesn't give, or not when it refuses; null where left out.
    """

    function: Callable[[Actor, Any], Awaitable[Any]]
    result: str
    defaults: Mapping[str, Any]

    def answer(self, context: Context, arguments: dict[str, Any]) -> Awaitable[Record]:
        """The payload."""
        if not context.actor.signed_in:
            raise Unauthenticated
        return self._payload(context, arguments["input"])

    async def _payload(self, context: Context, input: Any) -> Record:
        outcome, errors = None, []
        try:
            outcome = await self.function(context.actor, input)
        except (Refusal, Refusals) as refused:
            errors = [user_error(refusal, context.language) for refusal in refused.refusals]
            if isinstance(refused, RateLimited):
                # The executor tells it at this field, too, with the seconds to wait, and leaves the other answers.
                outcome = GraphQLError(errors[0].message, original_error=refused)
        except Exception:
            # The answers of the request's other mutations survive; what went wrong stands in the log.
            log.exception("mutation_failed", request_id=context.request_id, actor=context.actor.user_id)
            errors = [unexpected_error(context.request_id, context.language)]
        context.renew_loaders()
        fields = {self.result: None, **self.defaults, "errors": errors}
        if outcome is not None:
            fields |= outcome.fields if isinstance(outcome, Outcome) else {self.result: outcome}
        return Record(**fields)


class RootField(StrawberryField):
    """A field of Query or Mutation whose arguments are declared beside what answers it."""

    def __init__(
        self, root: Root | None = None, arguments: Mapping[str, Argument] | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.root = root
        if arguments:
            self.arguments = strawberry_arguments(arguments)

    def __copy__(self) -> "RootField":
        copied = super().__copy__()
        copied.root = self.root
        return copied

    @property
    def is_basic_field(self) -> bool:
        """Never: the executor is to ask `get_result`."""
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """What the root answers, to be awaited."""
        del source, args
        if self.root is None:
            raise TypeError(f"{self.python_name} has nothing to answer it.")
        return self.root.answer(info.context, kwargs)


def query_field(
    description: str,
    function: Callable[..., Awaitable[Any]],
    arguments: Mapping[str, Argument] | None = None,
    *,
    for_anyone: bool = False,
    lookup: RootLookup | None = None,
) -> Any:
    """A field of Query; `function` is called with the context and the arguments, `lookup` says the same in SQL."""
    return RootField(QueryRoot(function, for_anyone, lookup), arguments, description=description)


def mutation_field(
    description: str,
    function: Callable[[Actor, Input], Awaitable[Any]],
    input_type: type[Input],
    result: str,
    defaults: Mapping[str, Any] | None = None,
) -> Any:
    """A field of Mutation.

    Args:
        description: What it does.
        function: Called with the actor and the input.
        input_type: The input's type.
        result: The payload's field for what the function gives.
        defaults: As for `MutationRoot`.
    """
    argument = Argument(input_type, description="The input.")
    return RootField(MutationRoot(function, result, defaults or {}), {"input": argument}, description=description)
