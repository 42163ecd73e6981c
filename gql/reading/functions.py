"""Fields that a function resolves: the few that can't be declared otherwise."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.predicate import Predicate
from gql.reading.fields import Argument, DeclaredField, Resolution
from gql.reading.loaders import Loaders


@dataclass(frozen=True)
class Function(Resolution):
    """The result of a function of the row, the loaders and the arguments."""

    function: Callable[..., Awaitable[Any]]

    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: DeclaredField) -> Any:
        """The value for a row."""
        del declared
        return self.function(row, loaders, **arguments)


def by_function(
    description: str,
    function: Callable[..., Awaitable[Any]],
    arguments: Mapping[str, Argument],
    guard: Predicate | None = None,
) -> Any:
    """A field whose value is the result of `function`, called with the row, the loaders and the arguments."""
    return DeclaredField(Function(function), guard, arguments, description=description)
