"""A field whose value is declared: what it takes, where its value comes from, and who may read it."""

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
        default: What it is when left out; without a default it is required.
        description: What the schema says of it.
    """

    annotation: Any
    default: Any = UNSET
    description: str | None = None


def strawberry_arguments(arguments: Mapping[str, Argument]) -> list[StrawberryArgument]:
    """The arguments as Strawberry knows them.

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


class Relation(ABC):
    """Where a field's value comes from."""

    @abstractmethod
    def resolve(self, row: Any, loaders: Loaders, arguments: dict[str, Any], declared: "DeclaredField") -> Any:
        """The value for a row, or something to await."""


class DeclaredField(StrawberryField):
    """A field with a relation in place of a resolver.

    Attributes:
        relation: Where the value comes from.
        guard: What must hold of the row for the value to be read; else it is null.
    """

    def __init__(
        self,
        relation: Relation | None = None,
        guard: Predicate | None = None,
        arguments: Mapping[str, Argument] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.relation = relation
        self.guard = guard
        if arguments:
            self.arguments = strawberry_arguments(arguments)

    def __copy__(self) -> "DeclaredField":
        copied = super().__copy__()
        copied.relation = self.relation
        copied.guard = self.guard
        return copied

    @property
    def is_basic_field(self) -> bool:
        """Never: the executor is to ask `get_result`."""
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """The value for the row `source`, null where the guard doesn't hold."""
        del args
        return self.answer(source, info.context.loaders, kwargs)

    def answer(self, row: Any, loaders: Loaders, arguments: dict[str, Any]) -> Any:
        """The value for a row, or something to await; null where the guard doesn't hold."""
        if self.relation is None:
            raise TypeError(f"{self.python_name} has no relation.")
        if self.guard is None:
            return self.relation.resolve(row, loaders, arguments, self)
        return self._guarded(self.guard, self.relation, row, loaders, arguments)

    async def _guarded(
        self, guard: Predicate, relation: Relation, row: Any, loaders: Loaders, arguments: dict[str, Any]
    ) -> Any:
        if not await loaders.expression(guard, guard, source_of(row), row):
            return None
        value = relation.resolve(row, loaders, arguments, self)
        return await value if isawaitable(value) else value
