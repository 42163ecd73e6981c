"""Fields whose value stands in the row, or is worked out from it: SQL for what is read, code for what is shown."""

from typing import TYPE_CHECKING

from graphql import GraphQLField, is_list_type, is_non_null_type

from gql.reading.engine.fallback import NotCompiled
from gql.reading.engine.scopes import Row
from gql.reading.fields import DeclaredField
from gql.reading.values import Column, Computed, Expression, ForViewer, Identity, Localised

if TYPE_CHECKING:
    from gql.reading.engine.compile import Compiler


def value(compiler: "Compiler", row: Row, field: GraphQLField, declared: DeclaredField) -> str:
    """The code of a field's value.

    Raises:
        NotCompiled: A function that asks the database answers the field.
    """
    # The tables refuse null where the types do.
    sure = row.source.model is not None
    match declared.relation:
        case Identity():
            # As `global_id` has it; by a function of ours the ids of a page take half as long again.
            named = f"{row.source.name}:%d".encode()
            return f"base64({named!r} % {row.value('id')}, newline=False).decode()"
        case Column(name=name):
            return compiler.names.leaf(row.value(name or declared.python_name), field.type, sure=sure)
        case Localised():
            variable = row.value(f"{declared.python_name}_{compiler.language}")
            return compiler.names.leaf(variable, field.type, sure=sure)
        case Computed() | ForViewer() as relation:
            return compiler.names.leaf(_computed(compiler, row, relation), field.type)
        case Expression() as relation:
            return _expression(compiler, row, field, relation)
    raise NotCompiled(f"{row.source.name}.{declared.python_name}")


def _computed(compiler: "Compiler", row: Row, relation: Computed | ForViewer) -> str:
    arguments = [_as_functions_take_it(compiler, row, column) for column in relation.columns]
    if isinstance(relation, ForViewer):
        arguments.insert(0, "viewer")
    elif relation.in_language:
        arguments.insert(0, repr(compiler.language))
    return f"{compiler.names.of(relation.function)}({', '.join(arguments)})"


def _as_functions_take_it(compiler: "Compiler", row: Row, column: str) -> str:
    convert = row.source.conversions.get(column)
    return f"{compiler.names.of(convert)}({row.value(column)})" if convert else row.value(column)


def _expression(compiler: "Compiler", row: Row, field: GraphQLField, relation: Expression) -> str:
    kind = field.type.of_type if is_non_null_type(field.type) else field.type
    row.scope.holds_arrays |= is_list_type(kind)
    variable = row.scope.value(compiler.sql(relation.expression.aliased(row.alias)))
    if relation.convert is None:
        return compiler.names.leaf(variable, field.type)
    language = f"{compiler.language!r}, " if relation.in_language else ""
    converted = f"{compiler.names.of(relation.convert)}({language}{variable})"
    return compiler.names.leaf(f"({converted} if {variable} is not None else None)", field.type)
