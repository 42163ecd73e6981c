"""Arguments of an operation's fields: what of them changes the statement, and what is only a value in it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField, Visitor, visit
from graphql.execution.values import VariableValues, get_argument_values
from strawberry import Schema
from strawberry.types.arguments import convert_arguments

from domain.standing import Values


@dataclass(frozen=True)
class Slot:
    """The place of a value among those that are given anew with each request."""

    number: int


class Slots(Values):
    """Puts a mark for each slot into a statement's text; `Plan` gives the marks their numbers."""

    def add(self, value: Any, kind: str) -> str:
        """The mark of a slot, cast to an SQL type."""
        return f"«{value.number}»::{kind}"


@dataclass(frozen=True)
class Bound:
    """Arguments as a statement takes them: what changes its text, and the values that don't."""

    shape: Hashable
    values: Sequence[Any]


Bind = Callable[[Mapping[str, Any]], Bound]


class Asking:
    """Reads the arguments of a field as Strawberry does."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def arguments(self, field: GraphQLField, node: FieldNode, variables: VariableValues) -> dict[str, Any]:
        """The arguments by their Python names, converted."""
        declared = field.extensions["strawberry-definition"]
        given = get_argument_values(field, node, variables)
        registry = self._schema.schema_converter.scalar_registry
        return convert_arguments(given, declared.arguments, registry, self._schema.config)


@dataclass(frozen=True)
class Argued:
    """A field with arguments, as a plan was compiled for it.

    Attributes:
        field: The field.
        node: Where the document asks for it.
        bind: Reads its arguments.
        bound: What it read when the plan was compiled.
        fixed: Whether the document itself gives all values.
    """

    field: GraphQLField
    node: FieldNode
    bind: Bind
    bound: Bound
    fixed: bool

    def values(self, asking: Asking, variables: VariableValues) -> Sequence[Any] | None:
        """The values for other variables; None when the statement would be another one."""
        if self.fixed:
            return self.bound.values
        bound = self.bind(asking.arguments(self.field, self.node, variables))
        return bound.values if bound.shape == self.bound.shape else None


def names_variables(node: FieldNode) -> bool:
    """Does an argument of the field depend on a variable?"""
    found = _Variables()
    for argument in node.arguments or ():
        visit(argument, found)
    return found.any


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.any = False

    def enter_variable(self, *_args: Any) -> None:
        self.any = True
