"""Compiles lists of rows: all rows of a relation, the rows of a query about a row, and the pages of connections.

The rows of a list are columns of the row that has it, each column an array. Rows that have lists themselves become a
level of their own, to which the list has the keys. Rows of a query have no key: those with lists are aggregated as
records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import FieldNode

from domain.predicate import all_of
from domain.sql import Sql
from gql.reading.engine.fallback import Fallback
from gql.reading.engine.nested_lists import NestedLists, nested_lists
from gql.reading.engine.scopes import Row, Scope
from gql.reading.fields import DeclaredField
from gql.reading.loaders import with_positions
from gql.reading.relations import SqlRows, ToMany
from gql.reading.sources import Source
from gql.reading.targets import target_of

if TYPE_CHECKING:
    from gql.reading.engine.compiler import Compiler


@dataclass(frozen=True)
class AggregatedRows:
    """The rows of a list in the generated code.

    Attributes:
        variables: The variables of an element, as a loop unpacks it.
        arrays: The array of each column; a single one of records where a column holds arrays.
        are_records: Whether it is records.
    """

    variables: str
    arrays: tuple[str, ...]
    are_records: bool

    def loop(self, size: str = "") -> str:
        """`for … in …` over the rows, or over the first `size` of them."""
        first = f"({self.arrays[0]} or ())" + (f"[:{size}]" if size else "")
        if self.are_records:
            return f"for {self.variables} in {first}"
        rest = "".join(f", {each} or ()" for each in self.arrays[1:])
        return f"for {self.variables} in zip({first}{rest})"

    def count(self) -> str:
        """The code of the number of rows."""
        return f"len({self.arrays[0]} or ())"

    def column(self, column: int) -> str:
        """The code of all values of a column."""
        return f"[each[{column}] for each in {self.arrays[0]} or ()]" if self.are_records else self.arrays[column]


class ListElements:
    """The elements of a list: the code of each, and the columns that it needs.

    Args:
        compiler: Compiles the selections on each.
        owner: The row that has the list.
        members: The sources of the elements by the name of each in `member__`; a single one without a name otherwise.
        selections: The nodes that select from the elements, for each response key of the list.
    """

    def __init__(
        self, compiler: "Compiler", owner: Row, members: dict[str, Source], selections: Sequence[Sequence[FieldNode]]
    ) -> None:
        self._compiler = compiler
        self._owner = owner
        self._members = members
        self.alias = compiler.new_alias("t")
        nested = NestedLists()
        for source in members.values():
            for nodes in selections:
                nested |= nested_lists(compiler.selection, compiler.object_type(source), nodes)
        are_entities = all(source.model is not None for source in members.values()) and len(members) == 1
        self._by_key = nested.of_rows and are_entities and not owner.scope.is_nested
        is_nested = owner.scope.is_nested or ((nested.of_rows or nested.of_values) and not self._by_key)
        self.scope = Scope(self.alias.replace("__", "_"), is_nested=is_nested)

    def object_code(self, nodes: Sequence[FieldNode]) -> str:
        """The code of one element."""
        (first, *others) = ((name, Row(self.scope, self.alias, source)) for name, source in self._members.items())
        code = self._member_code(first[1], nodes)
        for name, row in others:
            code = f"{self._member_code(row, nodes)} if {row.variable('member__')} == {name!r} else {code}"
        return f"({code})"

    def _member_code(self, row: Row, nodes: Sequence[FieldNode]) -> str:
        if not self._by_key:
            return self._compiler.object_code(row, self._compiler.object_type(row.source), nodes)
        key = row.column("id")
        number = self._compiler.add_referenced_level(row, key, row.source, nodes, checked=False, shared=False)
        return f"m{number}[{self.scope.variable_for(key)}]"

    def aggregate(self, from_item: str, clauses: str) -> AggregatedRows:
        """Aggregates the elements and joins them to their owner.

        Args:
            from_item: The item of FROM that gives the elements, with their alias.
            clauses: WHERE and ORDER BY.
        """
        scope, owner, name = self.scope, self._owner.scope, self._compiler.new_alias("g")
        if not scope.columns:
            scope.add_column("1")
        inner = f"select {scope.select_list()} from {from_item} {' '.join(scope.joins)} {clauses}"
        columns = [f"each__.c{column}" for column in range(len(scope.columns))]
        are_records = scope.has_arrays
        elements = [f"row({', '.join(columns)})"] if are_records else columns
        aggregates = ", ".join(f"array_agg({element}) as c{column}" for column, element in enumerate(elements))
        owner.joins.append(f"left join lateral (select {aggregates} from ({inner}) each__) {name} on true")
        arrays = [owner.add_column(f"{name}.c{column}") for column in range(len(elements))]
        owner.has_arrays = True
        if not are_records:
            scope.aggregated_in = (owner, arrays)
        return AggregatedRows(scope.variables, tuple(owner.variable(array) for array in arrays), are_records)


def compile_list(compiler: "Compiler", row: Row, declared: DeclaredField, nodes: list[FieldNode]) -> str:
    """The code of a field that is a list of rows.

    Raises:
        Fallback: It isn't one.
    """
    match declared.resolution:
        case ToMany() as relation:
            return _to_many(compiler, row, declared, relation, nodes)
        case SqlRows(query=query):
            return _sql_rows(compiler, row, declared, query, nodes)
    raise Fallback(f"{row.source.name}.{declared.python_name}")


def _to_many(compiler: "Compiler", row: Row, declared: DeclaredField, relation: ToMany, nodes: list[FieldNode]) -> str:
    """The code of all rows that a relation joins to a row."""
    source = target_of(declared).source
    elements = ListElements(compiler, row, {"": source}, [nodes])
    join = relation.join_condition(row.source, declared.python_name)
    rules = [join.condition, *map(join.on_owner, source.rules)]
    conditions = [
        rule.map_text(lambda text: text.replace("{owner}", row.alias)).aliased(elements.alias) for rule in rules
    ]
    if declared.guard:
        conditions.append(declared.guard.aliased(row.alias))
    code = elements.object_code(nodes)
    order = ", ".join(f"{elements.alias}.{column}" for column in relation.order)
    condition = all_of(*conditions)
    where = compiler.page_condition(condition, row.alias) if row.scope.in_page else compiler.sql(condition)
    aggregated = elements.aggregate(f"{source.table} {elements.alias}", f"where {where} order by {order}")
    return f"[{code} {aggregated.loop()}]"


def _sql_rows(compiler: "Compiler", row: Row, declared: DeclaredField, query: Sql, nodes: list[FieldNode]) -> str:
    """The code of the rows of a query about a row."""
    target = target_of(declared)
    elements = ListElements(compiler, row, dict(target.members) or {"": target.source}, [nodes])
    code = elements.object_code(nodes)
    rows = f"({with_positions(compiler.sql(query.aliased(row.alias)))})"
    where = f"where {compiler.sql(declared.guard.aliased(row.alias))} " if declared.guard else ""
    aggregated = elements.aggregate(f"{rows} {elements.alias}", f"{where}order by {elements.alias}.position__")
    return f"[{code} {aggregated.loop()}]"
