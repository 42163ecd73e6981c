"""From the fields that are asked of a row to SQL for their values and code that puts the object together.

Everything is taken from the declarations; what they don't say in SQL is left to the ordinary executor.
"""

from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType
from strawberry import Schema

from domain.predicate import NEVER, Predicate
from domain.sql import Sql
from domain.standing import Standing
from gql.reading.engine.acted_on import asked_in_turn, found_once
from gql.reading.engine.arguments import Argued, ArgumentReader, Bind, Bound, names_variables
from gql.reading.engine.connections import paged
from gql.reading.engine.fallback import NotCompiled
from gql.reading.engine.leaves import Names
from gql.reading.engine.lists import listed
from gql.reading.engine.scopes import Level, Origin, Row
from gql.reading.engine.selection import Selecting, Selection
from gql.reading.engine.single import single
from gql.reading.engine.values import value
from gql.reading.fields import DeclaredField
from gql.reading.queries import QueriedPage, QueriedRow
from gql.reading.relations import Anything, Here, Many, One, Pages, Rows
from gql.reading.sources import Source


class Compiler:
    """Compiles one operation, for one shape of its variables, one language, and those who have the same facts.

    Args:
        schema: The schema.
        selection: What the operation asks for.
        language: The language of texts.
        standing: The facts about somebody who asks it.
        first_slot: The number of the first value of an argument: how many there are before.

    Attributes:
        selection: What the operation asks for.
        standing: The facts about somebody who asks it.
        levels: The levels so far, each after the one that refers to it.
        argued: The fields with arguments, in the order of their values.
        names: What the generated code refers to.
        facts: The facts about who asks that the rules name, also where nothing is left of what they say.
    """

    def __init__(
        self, schema: Schema, selection: Selection, language: str, standing: Standing, first_slot: int = 0
    ) -> None:
        self.selection = selection
        self.standing = standing
        self.language = language
        self.levels: list[Level] = []
        self.argued: list[Argued] = []
        self.names = Names()
        self.facts: frozenset[str] = frozenset()
        self.reader = ArgumentReader(schema)
        self._slots = first_slot
        self._aliases = 0

    def object(self, row: Row, kind: GraphQLObjectType, nodes: Sequence[Selecting]) -> str:
        """The code of an object: what is asked of a row of that type."""
        fields = self.selection.fields(kind, nodes).items()
        return "{" + ", ".join(f"{key!r}: {self._field(row, kind, field_nodes)}" for key, field_nodes in fields) + "}"

    def alias(self, letter: str) -> str:
        """A name for rows that nothing else in the statement has."""
        self._aliases += 1
        return f"{letter}{self._aliases}__"

    def bound(self, field: GraphQLField, node: FieldNode, bind: Bind) -> tuple[Bound, int]:
        """The arguments of a field, and the number of the slot that their first value has."""
        bound = bind(self.arguments(field, node))
        fixed = not names_variables(*node.arguments or ())
        plain = None if fixed else self.reader.plain(field, node, self.selection.variables)
        self.argued.append(Argued(field, node, bind, bound, fixed, plain))
        first, self._slots = self._slots, self._slots + len(bound.values)
        return bound, first

    def arguments(self, field: GraphQLField, node: FieldNode) -> dict[str, Any]:
        """The arguments of a field with the variables of now."""
        return self.reader.arguments(field, node, self.selection.variables)

    def known(self, expression: Sql) -> Sql:
        """The same for those who have the same facts, without what is never true of them."""
        self.facts |= expression.facts
        return expression.simplified(self.standing.fact_counts)

    def sql(self, expression: Sql) -> str:
        """SQL for those who have the same facts, in brackets."""
        return f"({self.known(expression).text})"

    def of_all(self, condition: Predicate) -> str:
        """A condition on all rows of a connection, in its best form for who asks."""
        return self.sql(found_once(condition) if self.standing.user_work_relations else condition)

    def in_turn(self, condition: Predicate, owner: str, far: str | None = None) -> str:
        """A condition on the rows of one page, or of a list that a row of one has, in its best form for who asks.

        Args:
            condition: The condition.
            owner: What the statement calls the row that has the rows.
            far: SQL that is true of the page's rows far behind its beginning.
        """
        return self.of_all(asked_in_turn(condition, owner, far) if self.standing.user_work_relations else condition)

    def level(self, level: Level, kind: GraphQLObjectType, nodes: Sequence[Selecting]) -> int:
        """Adds a level, whose rows are objects of that type; gives its number."""
        self.levels.append(level)
        level.place(level.row.column("id") if level.row.source.model else "1")
        level.code = self.object(level.row, kind, nodes)
        return level.number

    def referred(
        self, row: Row, key: str, source: Source, nodes: Sequence[Selecting], *, checked: bool, shared: bool
    ) -> int:
        """Adds the level of the rows whose keys stand in an expression over `row`; gives its number.

        Args:
            row: The row that refers to them.
            key: The SQL of the key.
            source: The entity.
            nodes: What is asked of each.
            checked: Whether the viewer must be allowed to see each by itself.
            shared: Whether several rows may refer to the same one.
        """
        return self.level_from(Origin(row.scope, row.scope.place(key)), source, nodes, checked=checked, shared=shared)

    def level_from(
        self, origin: Origin, source: Source, nodes: Sequence[Selecting], *, checked: bool, shared: bool
    ) -> int:
        """Adds the level of the rows whose keys other rows hold; gives its number."""
        level = Level(len(self.levels), source, origin)
        level.shared = shared
        if checked and source.visible:
            level.conditions.append(self.sql(source.visible.aliased(level.row.alias)))
        return self.level(level, self.kind(source), nodes)

    def kind(self, source: Source) -> GraphQLObjectType:
        """The GraphQL type of a source's rows."""
        found = self.selection.schema.get_type(source.name)
        if not isinstance(found, GraphQLObjectType):
            raise NotCompiled(f"rows of {source.name}")
        return found

    def _field(self, row: Row, kind: GraphQLObjectType, nodes: list[FieldNode]) -> str:
        name = nodes[0].name.value
        if name == "__typename":
            return repr(kind.name)
        field = kind.fields[name]
        declared = field.extensions.get("strawberry-definition")
        if not isinstance(declared, DeclaredField) or declared.relation is None:
            raise NotCompiled(f"{kind.name}.{name}")
        if declared.guard is None:
            return self._relation(row, field, declared, nodes)
        guard = self.known(declared.guard.aliased(row.alias))
        if guard == NEVER:
            return "None"
        held = row.scope.value(f"({guard.text})")
        return f"({self._relation(row, field, declared, nodes)} if {held} else None)"

    def _relation(self, row: Row, field: GraphQLField, declared: DeclaredField, nodes: list[FieldNode]) -> str:
        match declared.relation:
            case One() | Anything() | Here() | QueriedRow():
                return single(self, row, field, declared, nodes)
            case Many() | Rows():
                return listed(self, row, declared, nodes)
            case Pages() | QueriedPage():
                return paged(self, row, field, declared, nodes)
        return value(self, row, field, declared)
