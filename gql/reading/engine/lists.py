"""Lists of rows: all that are tied to a row, the rows of a query about it, and pages of connections.

The rows of a list come as columns of the row that has it, an array each. Rows that have lists themselves become a level
of their own, of which the list holds the keys. Rows of a query have no key: theirs are gathered as records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import FieldNode

from domain.predicate import all_of
from domain.sql import Sql
from gql.reading.engine.fallback import NotCompiled
from gql.reading.engine.lists_within import Lists, lists_within
from gql.reading.engine.scopes import Row, Scope
from gql.reading.fields import DeclaredField
from gql.reading.loaders import in_order
from gql.reading.relations import Many, Rows
from gql.reading.sources import Source
from gql.reading.targets import target_of

if TYPE_CHECKING:
    from gql.reading.engine.compile import Compiler


@dataclass(frozen=True)
class Gathered:
    """The rows of a list as the code finds them.

    Attributes:
        variables: The variables of an element, as a loop unpacks it.
        rows: The arrays of the columns; a single one of records where a column holds arrays.
        records: Whether it is records.
    """

    variables: str
    rows: tuple[str, ...]
    records: bool

    def loop(self, size: str = "") -> str:
        """`for … in …` over the rows; over the first ones when a size is given."""
        first = f"({self.rows[0]} or ())" + (f"[:{size}]" if size else "")
        if self.records:
            return f"for {self.variables} in {first}"
        rest = "".join(f", {each} or ()" for each in self.rows[1:])
        return f"for {self.variables} in zip({first}{rest})"

    def count(self) -> str:
        """How many rows there are."""
        return f"len({self.rows[0]} or ())"

    def column(self, place: int) -> str:
        """All values of a column."""
        return f"[each[{place}] for each in {self.rows[0]} or ()]" if self.records else self.rows[place]


class Elements:
    """The elements of a list: the code of each, and the columns that it needs.

    Args:
        compiler: Compiles what is asked of each.
        owner: The row that has the list.
        members: The sources of the elements by the name of each in `member__`; a single one without a name otherwise.
        selections: What is asked of the elements, once for each name under which the list is asked for.
    """

    def __init__(
        self, compiler: "Compiler", owner: Row, members: dict[str, Source], selections: Sequence[Sequence[FieldNode]]
    ) -> None:
        self._compiler = compiler
        self._owner = owner
        self._members = members
        self.alias = compiler.alias("t")
        within = Lists()
        for source in members.values():
            for nodes in selections:
                within |= lists_within(compiler.selection, compiler.kind(source), nodes)
        entities = all(source.model is not None for source in members.values()) and len(members) == 1
        self._by_key = within.rows and entities and not owner.scope.nested
        nested = owner.scope.nested or ((within.rows or within.values) and not self._by_key)
        self.scope = Scope(self.alias.replace("__", "_"), nested=nested)

    def object(self, nodes: Sequence[FieldNode]) -> str:
        """The code of one element."""
        (first, *others) = ((name, Row(self.scope, self.alias, source)) for name, source in self._members.items())
        code = self._object(first[1], nodes)
        for name, row in others:
            code = f"{self._object(row, nodes)} if {row.value('member__')} == {name!r} else {code}"
        return f"({code})"

    def _object(self, row: Row, nodes: Sequence[FieldNode]) -> str:
        if not self._by_key:
            return self._compiler.object(row, self._compiler.kind(row.source), nodes)
        key = row.column("id")
        number = self._compiler.referred(row, key, row.source, nodes, checked=False, shared=False)
        return f"m{number}[{self.scope.value(key)}]"

    def gathered(self, rows: str, rest: str) -> Gathered:
        """Joins the list to its owner.

        Args:
            rows: FROM: the elements, under the alias.
            rest: WHERE and ORDER BY.
        """
        scope, owner, name = self.scope, self._owner.scope, self._compiler.alias("g")
        if not scope.columns:
            scope.place("1")
        inner = f"select {scope.select()} from {rows} {' '.join(scope.joins)} {rest}"
        columns = [f"each__.c{place}" for place in range(len(scope.columns))]
        records = scope.holds_arrays
        arrays = [f"row({', '.join(columns)})"] if records else columns
        aggregates = ", ".join(f"array_agg({array}) as c{place}" for place, array in enumerate(arrays))
        owner.joins.append(f"left join lateral (select {aggregates} from ({inner}) each__) {name} on true")
        places = [owner.place(f"{name}.c{place}") for place in range(len(arrays))]
        owner.holds_arrays = True
        if not records:
            scope.gathered = (owner, places)
        return Gathered(scope.variables, tuple(owner.variable(place) for place in places), records)


def listed(compiler: "Compiler", row: Row, declared: DeclaredField, nodes: list[FieldNode]) -> str:
    """The code of a field that is a list of rows.

    Raises:
        NotCompiled: It is none.
    """
    match declared.relation:
        case Many() as relation:
            return _many(compiler, row, declared, relation, nodes)
        case Rows(query=query):
            return _rows(compiler, row, declared, query, nodes)
    raise NotCompiled(f"{row.source.name}.{declared.python_name}")


def _many(compiler: "Compiler", row: Row, declared: DeclaredField, relation: Many, nodes: list[FieldNode]) -> str:
    """The code of all rows that are tied to a row."""
    source = target_of(declared).source
    each = Elements(compiler, row, {"": source}, [nodes])
    tie = relation.tie(row.source, declared.python_name)
    rules = [tie.condition, *map(tie.asked_of_owner, source.rules)]
    conditions = [rule.map_text(lambda text: text.replace("{owner}", row.alias)).aliased(each.alias) for rule in rules]
    if declared.guard:
        conditions.append(declared.guard.aliased(row.alias))
    code = each.object(nodes)
    order = ", ".join(f"{each.alias}.{column}" for column in relation.order)
    condition = all_of(*conditions)
    where = compiler.in_turn(condition, row.alias) if row.scope.paged else compiler.sql(condition)
    gathered = each.gathered(f"{source.table} {each.alias}", f"where {where} order by {order}")
    return f"[{code} {gathered.loop()}]"


def _rows(compiler: "Compiler", row: Row, declared: DeclaredField, query: Sql, nodes: list[FieldNode]) -> str:
    """The code of the rows of a query about a row."""
    target = target_of(declared)
    each = Elements(compiler, row, dict(target.members) or {"": target.source}, [nodes])
    code = each.object(nodes)
    rows = f"({in_order(compiler.sql(query.aliased(row.alias)))})"
    only = f"where {compiler.sql(declared.guard.aliased(row.alias))} " if declared.guard else ""
    gathered = each.gathered(f"{rows} {each.alias}", f"{only}order by {each.alias}.place__")
    return f"[{code} {gathered.loop()}]"
