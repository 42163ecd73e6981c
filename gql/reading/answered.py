"""Fields that a function answers: the few that are neither a column nor a relation, each with its reason."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from domain.predicate import Predicate
from gql.reading.fields import Argument, DeclaredField, Relation
from gql.reading.loaders import Loaders


class _Answered(Relation):
    def __init__(self, function: Callable[..., Awaitable[Any]], arguments: Mapping[str, Argument]) -> None:
        self.arguments = arguments
        self._function = function

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        del declared
        return self._function(row, loaders, **arguments)


def answered(
    description: str,
    function: Callable[..., Awaitable[Any]],
    arguments: Mapping[str, Argument],
    guard: Predicate | None = None,
) -> Any:
    """A field whose value `function` gives for the row, the loaders and the arguments."""
    return DeclaredField(_Answered(function, arguments), guard, description=description)
