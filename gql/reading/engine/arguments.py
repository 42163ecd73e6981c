"""The arguments of an operation's fields: some change the text of the statement, others are only values in it."""

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
    """The position of an argument value among those that differ from request to request."""

    number: int


class Slots(StatementParameters):
    """Writes a marker for each slot into a statement's text; `Plan` replaces the markers by parameter numbers."""

    def add(self, value: Any, kind: str) -> str:
        """The marker of a slot, cast to an SQL type."""
        return f"«{value.number}»::{kind}"


@dataclass(frozen=True)
class BoundArguments:
    """Arguments as a statement takes them: the shape, which determines its text, and the values, which don't."""

    shape: Hashable
    values: Sequence[Any]


BindArguments = Callable[[Mapping[str, Any]], BoundArguments]


class ArgumentReader:
    """Reads the arguments of a field as Strawberry does."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def arguments(self, field: GraphQLField, node: FieldNode, variables: VariableValues) -> dict[str, Any]:
        """The arguments by their Python names, converted."""
        declared = field.extensions["strawberry-definition"]
        coerced = get_argument_values(field, node, variables)
        registry = self._schema.schema_converter.scalar_registry
        return convert_arguments(coerced, declared.arguments, registry, self._schema.config)

    def passthrough(
        self, field: GraphQLField, node: FieldNode, variables: VariableValues
    ) -> "PassthroughArguments | None":
        """The arguments, if each variable among them is a scalar that needs no conversion; None otherwise.

        Args:
            field: As for `arguments`.
            node: Likewise.
            variables: Those of the request for which the plan is compiled.
        """
        declared = field.extensions["strawberry-definition"].arguments
        python_names = {self._schema.config.name_converter.from_argument(each): each.python_name for each in declared}
        passed = dict[str, str]()
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                passed[python_names[argument.name.value]] = argument.value.name.value
                if not isinstance(get_nullable_type(field.args[argument.name.value].type), GraphQLScalarType):
                    return None
            elif uses_variables(argument):
                return None
        converted = self.arguments(field, node, variables)
        unconverted = PassthroughArguments(passed, {}).arguments(variables)
        if unconverted is None or any(converted[name] is not value for name, value in unconverted.items()):
            return None
        return PassthroughArguments(passed, {name: value for name, value in converted.items() if name not in passed})


@dataclass(frozen=True)
class PassthroughArguments:
    """Arguments that take the values of variables unconverted, beside constant ones.

    Attributes:
        variables: The names of the variables by the arguments' Python names.
        constants: The other arguments, converted.
    """

    variables: Mapping[str, str]
    constants: Mapping[str, Any]

    def arguments(self, variables: VariableValues) -> dict[str, Any] | None:
        """All arguments; None where a variable has no value, for which graphql-core has rules."""
        passed = {name: variables.coerced.get(variable) for name, variable in self.variables.items()}
        return None if None in passed.values() else {**self.constants, **passed}


@dataclass(frozen=True)
class CompiledArguments:
    """The arguments of a field, as a plan was compiled for them.

    Attributes:
        field: The field.
        node: The field node in the document.
        bind: Binds the arguments.
        bound: The arguments bound when the plan was compiled.
        is_constant: Whether no variable is among them.
        passthrough: The arguments, if no variable among them needs conversion, which takes longer than everything else
            in finding a plan.
    """

    field: GraphQLField
    node: FieldNode
    bind: BindArguments
    bound: BoundArguments
    is_constant: bool
    passthrough: PassthroughArguments | None

    def values(self, reader: ArgumentReader, variables: VariableValues) -> Sequence[Any] | None:
        """The values with other variables; None if these need another statement."""
        if self.is_constant:
            return self.bound.values
        arguments = self.passthrough.arguments(variables) if self.passthrough else None
        if arguments is None:
            arguments = reader.arguments(self.field, self.node, variables)
        bound = self.bind(arguments)
        return bound.values if bound.shape == self.bound.shape else None


def uses_variables(*arguments: ArgumentNode) -> bool:
    """Does any of the arguments depend on a variable?"""
    finder = _VariableFinder()
    for argument in arguments:
        visit(argument, finder)
    return finder.found


class _VariableFinder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_variable(self, *_args: Any) -> None:
        self.found = True
