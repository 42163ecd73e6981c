"""Arguments of an operation's fields: what of them changes the statement, and what is only a value in it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLField,
    GraphQLScalarType,
    VariableNode,
    Visitor,
    get_nullable_type,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values
from strawberry import Schema
from strawberry.types.arguments import convert_arguments

from domain.statement_parameters import StatementParameters


@dataclass(frozen=True)
class Slot:
    """The place of a value among those that are given anew with each request."""

    number: int


class Slots(StatementParameters):
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


class ArgumentReader:
    """Reads the arguments of a field as Strawberry does."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def arguments(self, field: GraphQLField, node: FieldNode, variables: VariableValues) -> dict[str, Any]:
        """The arguments by their Python names, converted."""
        declared = field.extensions["strawberry-definition"]
        given = get_argument_values(field, node, variables)
        registry = self._schema.schema_converter.scalar_registry
        return convert_arguments(given, declared.arguments, registry, self._schema.config)

    def plain(self, field: GraphQLField, node: FieldNode, variables: VariableValues) -> "Plain | None":
        """The arguments, if the variables among them are scalars, which nothing converts.

        Args:
            field: As for `arguments`.
            node: Likewise.
            variables: Those of the request for which the plan is compiled.
        """
        declared = field.extensions["strawberry-definition"].arguments
        python_names = {self._schema.config.name_converter.from_argument(each): each.python_name for each in declared}
        named = dict[str, str]()
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                named[python_names[argument.name.value]] = argument.value.name.value
                if not isinstance(get_nullable_type(field.args[argument.name.value].type), GraphQLScalarType):
                    return None
            elif names_variables(argument):
                return None
        converted, given = self.arguments(field, node, variables), Plain(named, {}).arguments(variables)
        if given is None or any(converted[name] is not value for name, value in given.items()):
            return None
        return Plain(named, {name: value for name, value in converted.items() if name not in named})


@dataclass(frozen=True)
class Plain:
    """Arguments that are variables as they stand, beside others in which no variable is.

    Attributes:
        named: The variables by the arguments' Python names.
        others: The other arguments, converted.
    """

    named: Mapping[str, str]
    others: Mapping[str, Any]

    def arguments(self, variables: VariableValues) -> dict[str, Any] | None:
        """All arguments; None where a variable has no value, for which graphql-core has rules."""
        given = {name: variables.coerced.get(variable) for name, variable in self.named.items()}
        return None if None in given.values() else {**self.others, **given}


@dataclass(frozen=True)
class Argued:
    """A field with arguments, as a plan was compiled for it.

    Attributes:
        field: The field.
        node: Where the document asks for it.
        bind: Reads its arguments.
        bound: What it read when the plan was compiled.
        fixed: Whether the document itself gives all values.
        plain: The arguments, where variables are among them only as they stand; converting them costs a request
            more than finding its plan does otherwise.
    """

    field: GraphQLField
    node: FieldNode
    bind: Bind
    bound: Bound
    fixed: bool
    plain: Plain | None

    def values(self, reader: ArgumentReader, variables: VariableValues) -> Sequence[Any] | None:
        """The values for other variables; None when the statement would be another one."""
        if self.fixed:
            return self.bound.values
        arguments = self.plain.arguments(variables) if self.plain else None
        if arguments is None:
            arguments = reader.arguments(self.field, self.node, variables)
        bound = self.bind(arguments)
        return bound.values if bound.shape == self.bound.shape else None


def names_variables(*arguments: ArgumentNode) -> bool:
    """Does any of the arguments depend on a variable?"""
    found = _Variables()
    for argument in arguments:
        visit(argument, found)
    return found.any


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.any = False

    def enter_variable(self, *_args: Any) -> None:
        self.any = True
