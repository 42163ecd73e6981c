"""Root fields: each calls its resolver function after checking that the actor is signed in."""

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
    """Nobody is signed in, and the field requires it."""

    code = UNAUTHENTICATED
    message_template = "Sign in first: this is for people and systems that are known."


class RootResolver(Protocol):
    """Resolves a field of Query, Mutation or Subscription."""

    def resolve(self, context: Context, arguments: dict[str, Any]) -> Awaitable[Any]:
        """The field's value for one request.

        Raises:
            Unauthenticated: Nobody is signed in, and the field requires it.
        """


@dataclass(frozen=True)
class PayloadFields:
    """The result of a mutation's function that sets several fields of the payload, by their Python names."""

    fields: dict[str, Any]


@dataclass(frozen=True)
class QueryResolver:
    """Resolves a field of Query.

    Attributes:
        function: Called with the context and the arguments.
        for_anyone: Whether nobody need be signed in.
        lookup: How the reading engine finds the function's result; without one the function is always called.
    """

    function: Callable[..., Awaitable[Any]]
    for_anyone: bool
    lookup: RootLookup | None = None

    def resolve(self, context: Context, arguments: dict[str, Any]) -> Awaitable[Any]:
        """The function's result."""
        if not (self.for_anyone or context.actor.signed_in):
            raise Unauthenticated
        return self.function(context, **arguments)


@dataclass(frozen=True)
class MutationResolver:
    """Resolves a field of Mutation: the payload has the function's result, and the refusals as `errors`.

    Attributes:
        function: Called with the actor and the input; executes one rule.
        result: The payload's field for the function's result.
        defaults: Values of the payload's other fields, where the function doesn't set them or is refused.
    """

    function: Callable[[Actor, Any], Awaitable[Any]]
    result: str
    defaults: Mapping[str, Any]

    def resolve(self, context: Context, arguments: dict[str, Any]) -> Awaitable[Record]:
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
                # The executor reports it at this field, too, with the seconds to wait, and keeps the other fields.
                outcome = GraphQLError(errors[0].message, original_error=refused)
        except Exception:
            # The results of the request's other mutations are kept; the error is logged.
            log.exception("mutation_failed", request_id=context.request_id, actor=context.actor.user_id)
            errors = [unexpected_error(context.request_id, context.language)]
        context.renew_loaders()
        fields = {self.result: None, **self.defaults, "errors": errors}
        if outcome is not None:
            fields |= outcome.fields if isinstance(outcome, PayloadFields) else {self.result: outcome}
        return Record(**fields)


class RootField(StrawberryField):
    """A field of Query, Mutation or Subscription, with its declared arguments."""

    def __init__(
        self, root_resolver: RootResolver | None = None, arguments: Mapping[str, Argument] | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.root_resolver = root_resolver
        if arguments:
            self.arguments = strawberry_arguments(arguments)

    def __copy__(self) -> "RootField":
        copied = super().__copy__()
        copied.root_resolver = self.root_resolver
        return copied

    @property
    def is_basic_field(self) -> bool:
        """Never, so that the executor calls `get_result`."""
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """The resolver's result, to be awaited."""
        del source, args
        if self.root_resolver is None:
            raise TypeError(f"{self.python_name} has no resolver.")
        return self.root_resolver.resolve(info.context, kwargs)


def query_field(
    description: str,
    function: Callable[..., Awaitable[Any]],
    arguments: Mapping[str, Argument] | None = None,
    *,
    for_anyone: bool = False,
    lookup: RootLookup | None = None,
) -> Any:
    """A field of Query.

    Args:
        description: The field's description.
        function: Called with the context and the arguments.
        arguments: The arguments by their Python names.
        for_anyone: As for `QueryResolver`.
        lookup: Likewise.
    """
    return RootField(QueryResolver(function, for_anyone, lookup), arguments, description=description)


def mutation_field(
    description: str,
    function: Callable[[Actor, Input], Awaitable[Any]],
    input_type: type[Input],
    result: str,
    defaults: Mapping[str, Any] | None = None,
) -> Any:
    """A field of Mutation.

    Args:
        description: The field's description.
        function: Called with the actor and the input.
        input_type: The input's type.
        result: The payload's field for the function's result.
        defaults: As for `MutationResolver`.
    """
    argument = Argument(input_type, description="The input.")
    return RootField(MutationResolver(function, result, defaults or {}), {"input": argument}, description=description)
