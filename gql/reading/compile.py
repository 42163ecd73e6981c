"""From the fields that are asked of a row to SQL for their values and code that puts the object together.

Everything is taken from the declarations; what they don't say in SQL is left to the ordinary executor.
"""

from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, is_list_type, is_non_null_type
from strawberry import Schema

from domain.predicate import Predicate
from gql.reading import lists
from gql.reading.arguments import Argued, Asking, Bind, Bound, Slot, Slots, names_variables
from gql.reading.asked import First, Listed
from gql.reading.connections import Listing
from gql.reading.fallback import NotCompiled
from gql.reading.fields import DeclaredField
from gql.reading.leaves import Names
from gql.reading.paged import Paged
from gql.reading.relations import (
    Column,
    Computed,
    Expression,
    ForViewer,
    Here,
    Identity,
    Localised,
    Many,
    One,
    Pages,
    Rows,
)
from gql.reading.scopes import Level, Row
from gql.reading.select import Selecting, Selection
from gql.reading.shape import Shapes
from gql.reading.sources import Source
from gql.reading.targets import foreign_key, target_of


class Compiler:
    """Compiles one operation, for one shape of its variables and one language.

    Attributes:
        selection: What the operation asks for.
        levels: The levels so far, each after the one that refers to it.
        argued: The fields with arguments, in the order of their values.
        names: What the generated code refers to.
    """

    def __init__(self, schema: Schema, selection: Selection, language: str) -> None:
        self.selection = selection
        self.language = language
        self.levels: list[Level] = []
        self.argued: list[Argued] = []
        self.names = Names()
        self.asking = Asking(schema)
        self.shapes = Shapes(selection)
        self._slots = 0
        self._aliases = 0

    def object(self, row: Row, kind: GraphQLObjectType, nodes: Sequence[Selecting]) -> str:
        """The code of an object: what is asked of a row of that type."""
        fields = self.selection.fields(kind, nodes).items()
        return "{" + ", ".join(f"{key!r}: {self._field(row, kind, asked)}" for key, asked in fields) + "}"

    def alias(self, letter: str) -> str:
        """A name for rows that nothing else in the statement has."""
        self._aliases += 1
        return f"{letter}{self._aliases}__"

    def bound(self, field: GraphQLField, node: FieldNode, bind: Bind) -> tuple[Bound, int]:
        """The arguments of a field, and the number of the slot that their first value has."""
        bound = bind(self.arguments(field, node))
        self.argued.append(Argued(field, node, bind, bound, fixed=not names_variables(node)))
        first, self._slots = self._slots, self._slots + len(bound.values)
        return bound, first

    def arguments(self, field: GraphQLField, node: FieldNode) -> dict[str, Any]:
        """The arguments of a field with the variables of now."""
        return self.asking.arguments(field, node, self.selection.variables)

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
        level = Level(len(self.levels), source, (row.scope, row.scope.place(key)))
        level.shared = shared
        if checked and source.visible:
            level.conditions.append(source.visible.on(level.row.alias))
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
        code = self._relation(row, field, declared, nodes)
        if declared.guard is None:
            return code
        return f"({code} if {row.scope.value(declared.guard.on(row.alias))} else None)"

    def _relation(self, row: Row, field: GraphQLField, declared: DeclaredField, nodes: list[FieldNode]) -> str:
        match declared.relation:
            case One() as relation:
                return self._one(row, declared, relation, nodes)
            case Here(columns=columns):
                return self._found(row, declared, f"select {columns}", nodes)
            case First() as relation:
                return self._found(row, declared, self._asked(field, relation, nodes[0]), nodes)
            case Many() | Rows() | Pages() | Listed():
                return self._list(row, field, declared, nodes)
        return self._leaf(row, field, declared)

    def _list(self, row: Row, field: GraphQLField, declared: DeclaredField, nodes: list[FieldNode]) -> str:
        match declared.relation:
            case Many() as relation:
                return lists.many(self, row, declared, relation, nodes)
            case Rows(query=query):
                return lists.rows(self, row, declared, query, nodes)
            case Pages() | Listed() as relation:
                return self._page(row, field, declared, relation, nodes)
        raise NotCompiled(f"{row.source.name}.{declared.python_name}")

    def _asked(self, field: GraphQLField, relation: First, node: FieldNode) -> str:
        """The query of a relation with the places of the values that it is asked with."""
        bound, first = self.bound(field, node, lambda arguments: Bound(None, relation.values(arguments)))
        slots = [Slot(first + place) for place in range(len(bound.values))]
        given = dict(zip(relation.asked, zip(slots, relation.kinds, strict=True), strict=True))
        return Slots().place(relation.query, given)

    def _leaf(self, row: Row, field: GraphQLField, declared: DeclaredField) -> str:
        sure = row.source.model is not None
        match declared.relation:
            case Identity():
                return f"identity({row.source.name.encode() + b':'!r}, {row.value('id')})"
            case Column(name=name):
                return self.names.leaf(row.value(name or declared.python_name), field.type, sure=sure)
            case Localised():
                variable = row.value(f"{declared.python_name}_{self.language}")
                return self.names.leaf(variable, field.type, sure=sure)
            case Computed() as relation:
                return self.names.leaf(self._computed(row, relation), field.type)
            case ForViewer() as relation:
                return self.names.leaf(self._for_viewer(row, relation), field.type)
            case Expression() as relation:
                return self._expression(row, field, relation)
        raise NotCompiled(f"{row.source.name}.{declared.python_name}")

    def _computed(self, row: Row, relation: Computed) -> str:
        given = [self._converted(row, column) for column in relation.columns]
        if relation.in_language:
            given.insert(0, repr(self.language))
        return f"{self.names.of(relation.function)}({', '.join(given)})"

    def _for_viewer(self, row: Row, relation: ForViewer) -> str:
        given = [self._converted(row, column) for column in relation.columns]
        return f"{self.names.of(relation.function)}({', '.join(['viewer', *given])})"

    def _converted(self, row: Row, column: str) -> str:
        """A column as functions take it."""
        convert = row.source.conversions.get(column)
        return f"{self.names.of(convert)}({row.value(column)})" if convert else row.value(column)

    def _expression(self, row: Row, field: GraphQLField, relation: Expression) -> str:
        kind = field.type.of_type if is_non_null_type(field.type) else field.type
        row.scope.holds_arrays |= is_list_type(kind)
        variable = row.scope.value(relation.expression.on(row.alias))
        if relation.convert is None:
            return self.names.leaf(variable, field.type)
        converted = f"{self.names.of(relation.convert)}({variable})"
        return self.names.leaf(f"({converted} if {variable} is not None else None)", field.type)

    def _one(self, row: Row, declared: DeclaredField, relation: One, nodes: list[FieldNode]) -> str:
        target = target_of(declared)
        source, kind = target.source, self.kind(target.source)
        key = relation.key.on(row.alias) if relation.key else row.column(f"{declared.python_name}_id")
        if self.shapes.of(kind, nodes).lists and not row.scope.nested:
            number = self.referred(row, key, source, nodes, checked=target.optional, shared=True)
            return f"m{number}.get({row.scope.value(key)})" if target.optional else f"m{number}[{row.scope.value(key)}]"
        joined = Row(row.scope, self.alias("j"), source)
        seen = f" and {source.visible.on(joined.alias)}" if target.optional and source.visible else ""
        row.scope.joins.append(f"left join {source.table} {joined.alias} on {joined.alias}.id = {key}{seen}")
        code = self.object(joined, kind, nodes)
        if not target.optional and relation.key is None and row.source.model is not None:
            return code
        return f"({code} if {joined.value('id')} is not None else {'None' if target.optional else 'surprise()'})"

    def _page(
        self, row: Row, field: GraphQLField, declared: DeclaredField, relation: Pages | Listed, nodes: list[FieldNode]
    ) -> str:
        target = target_of(declared).source
        guards = [declared.guard.on(row.alias)] if declared.guard else []
        if isinstance(relation, Listed):
            listing = Listing("", row.source, target, "true", relation.paging, relation.query)
            return Paged(self, row, field, listing, guards, relation.administered).code(nodes)
        join = relation.join or foreign_key(row.source, declared.python_name)
        return Paged(self, row, field, Listing("", row.source, target, join, relation.paging), guards).code(nodes)

    def _found(self, row: Row, declared: DeclaredField, query: str, nodes: list[FieldNode]) -> str:
        """The first row of a query about a row, or None."""
        target = target_of(declared)
        found = Row(row.scope, self.alias("f"), target.source)
        only = _only_if(declared.guard, row)
        row.scope.joins.append(
            f"left join lateral (select true as found__, asked__.* from ({query.replace('{row}', row.alias)}) asked__"
            f"{only} limit 1) {found.alias} on true"
        )
        code = self.object(found, self.kind(target.source), nodes)
        absent = "None" if target.optional else "surprise()"
        return f"({code} if {found.value('found__')} else {absent})"


def _only_if(guard: Predicate | None, row: Row) -> str:
    """WHERE: nothing is looked for where the guard doesn't hold."""
    return f" where {guard.on(row.alias)}" if guard else ""
