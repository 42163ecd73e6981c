"""Compiles fields that lead to a value: a column of the row, or a function or expression of its columns."""

from typing import TYPE_CHECKING

from graphql import GraphQLField, is_list_type, is_non_null_type

from gql.reading.engine.fallback import Fallback
from gql.reading.engine.scopes import Row
from gql.reading.fields import DeclaredField
from gql.reading.values import Column, Computed, ComputedForViewer, Identity, Localised, SqlExpression

if TYPE_CHECKING:
    from gql.reading.engine.compiler import Compiler


def compile_value(compiler: "Compiler", row: Row, field: GraphQLField, declared: DeclaredField) -> str:
    """The code of a field's value.

    Raises:
        Fallback: The field is resolved by a function that queries the database.
    """
    # Columns of tables are NOT NULL where types are non-null.
    never_null = row.source.model is not None
    match declared.resolution:
        case Identity():
            # `global_id`, inlined: calls of a Python function would make the ids of a page take half as long again.
            template = f"{row.source.name}:%d".encode()
            return f"base64({template!r} % {row.variable('id')}, newline=False).decode()"
        case Column(name=name):
            variable = row.variable(name or declared.python_name)
            return compiler.namespace.leaf_code(variable, field.type, never_null=never_null)
        case Localised():
            variable = row.variable(f"{declared.python_name}_{compiler.language}")
            return compiler.namespace.leaf_code(variable, field.type, never_null=never_null)
        case Computed() | ComputedForViewer() as resolution:
            return compiler.namespace.leaf_code(_call(compiler, row, resolution), field.type)
        case SqlExpression() as resolution:
            return _expression(compiler, row, field, resolution)
    raise Fallback(f"{row.source.name}.{declared.python_name}")


def _call(compiler: "Compiler", row: Row, resolution: Computed | ComputedForViewer) -> str:
    arguments = [_converted(compiler, row, column) for column in resolution.columns]
    if isinstance(resolution, ComputedForViewer):
        arguments.insert(0, "viewer")
    elif resolution.in_language:
        arguments.insert(0, repr(compiler.language))
    return f"{compiler.namespace.name_of(resolution.function)}({', '.join(arguments)})"


def _converted(compiler: "Compiler", row: Row, column: str) -> str:
    """The code of a column's value as the model has it."""
    convert = row.source.conversions.get(column)
    variable = row.variable(column)
    return f"{compiler.namespace.name_of(convert)}({variable})" if convert else variable


def _expression(compiler: "Compiler", row: Row, field: GraphQLField, resolution: SqlExpression) -> str:
    value_type = field.type.of_type if is_non_null_type(field.type) else field.type
    row.scope.has_arrays |= is_list_type(value_type)
    variable = row.scope.variable_for(compiler.sql(resolution.expression.aliased(row.alias)))
    if resolution.convert is None:
        return compiler.namespace.leaf_code(variable, field.type)
    language = f"{compiler.language!r}, " if resolution.in_language else ""
    converted = f"{compiler.namespace.name_of(resolution.convert)}({language}{variable})"
    return compiler.namespace.leaf_code(f"({converted} if {variable} is not None else None)", field.type)
