"""Compiles the fields that are selected on a row: SQL for their values, and code that builds the object.

Everything is derived from the declarations; a field that these don't express in SQL is left to the ordinary executor.
"""

from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType
from strawberry import Schema

from domain.predicate import NEVER, Predicate
from domain.sql import Sql
from domain.standing import Standing
from gql.reading.engine.arguments import (
    ArgumentReader,
    BindArguments,
    BoundArguments,
    CompiledArguments,
    uses_variables,
)
from gql.reading.engine.connections import compile_connection
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.leaves import Namespace
from gql.reading.engine.lists import compile_list
from gql.reading.engine.opened_contracts import check_in_turn, look_up_opened
from gql.reading.engine.scopes import KeyReference, Level, Row
from gql.reading.engine.selection import Selection, SelectionParent
from gql.reading.engine.to_one import compile_to_one
from gql.reading.engine.values import compile_value
from gql.reading.fields import DeclaredField
from gql.reading.queries import SqlConnection, SqlRow
from gql.reading.relations import Connection, Embedded, Polymorphic, SqlRows, ToMany, ToOne
from gql.reading.sources import Source


class Compiler:
    """Compiles one operation, for one shape of its variables, one language, and viewers with the same facts.

    Args:
        schema: The schema.
        selection: The operation's selections.
        language: The language of texts.
        standing: The facts about a viewer.
        first_slot: The number of the slot of the first argument value: how many slots come before.

    Attributes:
        selection: The operation's selections.
        standing: The facts about a viewer.
        language: The language of texts.
        levels: The levels so far, each after the one that refers to it.
        compiled_arguments: The arguments of each field that has some, in the order of their slots.
        namespace: The names that the generated code refers to.
        facts: The facts that the rules refer to, including those in parts that were omitted.
    """

    def __init__(
        self, schema: Schema, selection: Selection, language: str, standing: Standing, first_slot: int = 0
    ) -> None:
        self.selection = selection
        self.standing = standing
        self.language = language
        self.levels: list[Level] = []
        self.compiled_arguments: list[CompiledArguments] = []
        self.namespace = Namespace()
        self.facts: frozenset[str] = frozenset()
        self._reader = ArgumentReader(schema)
        self._next_slot = first_slot
        self._aliases = 0

    def object_code(self, row: Row, object_type: GraphQLObjectType, nodes: Sequence[SelectionParent]) -> str:
        """The code of an object: the fields that are selected on a row of that type."""
        fields = self.selection.fields(object_type, nodes).items()
        codes = (f"{key!r}: {self._field_code(row, object_type, field_nodes)}" for key, field_nodes in fields)
        return "{" + ", ".join(codes) + "}"

    def new_alias(self, letter: str) -> str:
        """An alias for rows that nothing else in the statement has."""
        self._aliases += 1
        return f"{letter}{self._aliases}__"

    def bind_arguments(self, field: GraphQLField, node: FieldNode, bind: BindArguments) -> tuple[BoundArguments, int]:
        """Binds the arguments of a field; also returns the number of the slot of their first value."""
        bound = bind(self.arguments(field, node))
        is_constant = not uses_variables(*node.arguments or ())
        passthrough = None if is_constant else self._reader.passthrough(field, node, self.selection.variables)
        self.compiled_arguments.append(CompiledArguments(field, node, bind, bound, is_constant, passthrough))
        first_slot, self._next_slot = self._next_slot, self._next_slot + len(bound.values)
        return bound, first_slot

    def arguments(self, field: GraphQLField, node: FieldNode) -> dict[str, Any]:
        """The arguments of a field, with the variables of the request for which it is compiled."""
        return self._reader.arguments(field, node, self.selection.variables)

    def specialised(self, expression: Sql) -> Sql:
        """The expression for viewers with the same facts: what is never true for them is omitted."""
        self.facts |= expression.facts
        return expression.simplified(self.standing.fact_counts)

    def sql(self, expression: Sql) -> str:
        """The SQL of an expression for viewers with the same facts, in parentheses."""
        return f"({self.specialised(expression).text})"

    def count_condition(self, condition: Predicate) -> str:
        """The SQL of a condition on all rows of a connection, in its fastest form for the viewer."""
        return self.sql(look_up_opened(condition) if self.standing.user_work_relations else condition)

    def page_condition(self, condition: Predicate, owner: str, far: str | None = None) -> str:
        """The SQL of a condition on the rows of a page, or of a list in such a row, in its fastest form for the viewer.

        Args:
            condition: The condition.
            owner: The alias of the row that has the rows.
            far: SQL that is true of rows far from the beginning of the page.
        """
        return self.count_condition(
            check_in_turn(condition, owner, far) if self.standing.user_work_relations else condition
        )

    def add_level(self, level: Level, object_type: GraphQLObjectType, nodes: Sequence[SelectionParent]) -> int:
        """Adds a level, whose rows are objects of that type, and returns its number."""
        self.levels.append(level)
        level.add_column(level.row.column("id") if level.row.source.model else "1")
        level.object_code = self.object_code(level.row, object_type, nodes)
        return level.number

    def add_referenced_level(
        self, row: Row, key: str, source: Source, nodes: Sequence[SelectionParent], *, checked: bool, shared: bool
    ) -> int:
        """Adds the level of the rows whose keys are the values of an expression over `row`, and returns its number.

        Args:
            row: The row that refers to them.
            key: The SQL of the key.
            source: The entity.
            nodes: The nodes that select from each.
            checked: Whether the viewer must be allowed to see each by itself.
            shared: Whether several rows may refer to the same one.
        """
        keys = KeyReference(row.scope, row.scope.add_column(key))
        return self.add_level_of_keys(keys, source, nodes, checked=checked, shared=shared)

    def add_level_of_keys(
        self, keys: KeyReference, source: Source, nodes: Sequence[SelectionParent], *, checked: bool, shared: bool
    ) -> int:
        """Adds the level of the rows whose keys other rows hold, and returns its number."""
        level = Level(len(self.levels), source, keys)
        level.is_shared = shared
        if checked and source.visible:
            level.conditions.append(self.sql(source.visible.aliased(level.row.alias)))
        return self.add_level(level, self.object_type(source), nodes)

    def object_type(self, source: Source) -> GraphQLObjectType:
        """The GraphQL type of a source's rows."""
        object_type = self.selection.schema.get_type(source.name)
        if not isinstance(object_type, GraphQLObjectType):
            raise Fallback(f"rows of {source.name}")
        return object_type

    def _field_code(self, row: Row, object_type: GraphQLObjectType, nodes: list[FieldNode]) -> str:
        name = nodes[0].name.value
        if name == "__typename":
            return repr(object_type.name)
        field = object_type.fields[name]
        declared = field.extensions.get("strawberry-definition")
        if not isinstance(declared, DeclaredField) or declared.resolution is None:
            raise Fallback(f"{object_type.name}.{name}")
        if declared.guard is None:
            return self._resolution_code(row, field, declared, nodes)
        guard = self.specialised(declared.guard.aliased(row.alias))
        if guard == NEVER:
            return "None"
        guard_variable = row.scope.variable_for(f"({guard.text})")
        return f"({self._resolution_code(row, field, declared, nodes)} if {guard_variable} else None)"

    def _resolution_code(self, row: Row, field: GraphQLField, declared: DeclaredField, nodes: list[FieldNode]) -> str:
        match declared.resolution:
            case ToOne() | Polymorphic() | Embedded() | SqlRow():
                return compile_to_one(self, row, field, declared, nodes)
            case ToMany() | SqlRows():
                return compile_list(self, row, declared, nodes)
            case Connection() | SqlConnection():
                return compile_connection(self, row, field, declared, nodes)
        return compile_value(self, row, field, declared)
