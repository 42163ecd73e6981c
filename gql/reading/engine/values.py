"""Compiles fields that lead to a value: a column of the row, or a function or expression of its columns."""

from typing import TYPE_CHECKING

from graphql import GraphQLField, is_list_type, is_non_null_type

from gql.reading.engine.fallback import Fallback
from gql.reading.engine.scopes import Row
from gql.reading.fields import DeclaredField
from gql.reading.values import Column, Computed, Expression, ForViewer, Identity, Localised

if TYPE_CHECKING:
    from gql.reading.engine.compiler import Compiler


def compile_value(compiler: "Compiler", row: Row, field: GraphQLField, declared: DeclaredField) -> str:
    """The code of a field's value.

    Raises:
        Fallback: The field is answered by a function that queries the database.
    """
    # The tables refuse null where the types do.
    never_null = row.source.model is not None
    match declared.relation:
        case Identity():
            # As `global_id` has it; by a function of ours the ids of a page take half as long again.
            template = f"{row.source.name}:%d".encode()
            return f"base64({template!r} % {row.variable('id')}, newline=False).decode()"
        case Column(name=name):
            variable = row.variable(name or declared.python_name)
            return compiler.namespace.leaf_code(variable, field.type, never_null=never_null)
        case Localised():
            variable = row.variable(f"{declared.python_name}_{compiler.language}")
            return compiler.namespace.leaf_code(variable, field.type, never_null=never_null)
        case Computed() | ForViewer() as relation:
            return compiler.namespace.leaf_code(_call(compiler, row, relation), field.type)
        case Expression() as relation:
            return _expression(compiler, row, field, relation)
    raise Fallback(f"{row.source.name}.{declared.python_name}")


def _call(compiler: "Compiler", row: Row, relation: Computed | ForViewer) -> str:
    arguments = [_converted(compiler, row, column) for column in relation.columns]
    if isinstance(relation, ForViewer):
        arguments.insert(0, "viewer")
    elif relation.in_language:
        arguments.insert(0, repr(compiler.language))
    return f"{compiler.namespace.name_of(relation.function)}({', '.join(arguments)})"


def _converted(compiler: "Compiler", row: Row, column: str) -> str:
    """The code of a column's value as the model has it."""
    convert = row.source.conversions.get(column)
    variable = row.variable(column)
    return f"{compiler.namespace.name_of(convert)}({variable})" if convert else variable


def _expression(compiler: "Compiler", row: Row, field: GraphQLField, relation: Expression) -> str:
    value_type = field.type.of_type if is_non_null_type(field.type) else field.type
    row.scope.has_arrays |= is_list_type(value_type)
    variable = row.scope.variable_for(compiler.sql(relation.expression.aliased(row.alias)))
    if relation.convert is None:
        return compiler.namespace.leaf_code(variable, field.type)
    language = f"{compiler.language!r}, " if relation.in_language else ""
    converted = f"{compiler.namespace.name_of(relation.convert)}({language}{variable})"
    return compiler.namespace.leaf_code(f"({converted} if {variable} is not None else None)", field.type)
