"""Declared fields: the arguments of a field, how its value is resolved, and who may read it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from domain.predicate import Predicate
from gql.reading.loaders import Loaders
from gql.reading.sources import source_of


@dataclass(frozen=True)
class Argument:
    """An argument of a field.

    Attributes:
        annotation: Its Python type.
        default: Its default; without one it is required.
        description: Its description in the schema.
    """

    annotation: Any
    default: Any = UNSET
    description: str | None = None


def strawberry_arguments(arguments: Mapping[str, Argument]) -> list[StrawberryArgument]:
    """The arguments for Strawberry.

    Args:
        arguments: The arguments by their Python names.
    """
    return [
        StrawberryArgument(
            name,
            None,
            StrawberryAnnotation(argument.annotation),
            default=argument.default,
            description=argument.description,
        )
        for name, argument in arguments.items()
    ]


class Resolution(ABC):
    """How the value of a declared field is resolved."""

    @abstractmethod
    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: "DeclaredField") -> Any:
        """The value for a row, or something to await."""


class DeclaredField(StrawberryField):
    """A field with a declared resolution in place of a resolver.

    Attributes:
        resolution: How the value is resolved.
        guard: The condition on the row without which the value is null.
    """

    def __init__(
        self,
        resolution: Resolution | None = None,
        guard: Predicate | None = None,
        arguments: Mapping[str, Argument] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.resolution = resolution
        self.guard = guard
        if arguments:
            self.arguments = strawberry_arguments(arguments)

    def __copy__(self) -> "DeclaredField":
        copied = super().__copy__()
        copied.resolution = self.resolution
        copied.guard = self.guard
        return copied

    @property
    def is_basic_field(self) -> bool:
        """Never: the executor must call `get_result`."""
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """The value for the row `source`, null where the guard doesn't hold."""
        del args
        return self.resolve_value(source, info.context.loaders, kwargs)

    def resolve_value(self, row: Any, loaders: Loaders, arguments: dict[str, Any]) -> Any:
        """The value for a row, or something to await; null where the guard doesn't hold."""
        if self.resolution is None:
            raise TypeError(f"{self.python_name} has no resolution.")
        if self.guard is None:
            return self.resolution.resolve(row, loaders, arguments, self)
        return self._resolve_guarded(self.guard, self.resolution, row, loaders, arguments)

    async def _resolve_guarded(
        self, guard: Predicate, resolution: Resolution, row: Any, loaders: Loaders, arguments: dict[str, Any]
    ) -> Any:
        if not await loaders.expression(guard, guard, source_of(row), row):
            return None
        value = resolution.resolve(row, loaders, arguments, self)
        return await value if isawaitable(value) else value
