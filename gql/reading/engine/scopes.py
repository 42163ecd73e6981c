"""Rows as a statement and the code that builds the answer both name them."""

from dataclasses import dataclass

from gql.reading.engine.fallback import NotCompiled
from gql.reading.sources import Source


class Scope:
    """The columns of one SELECT, each known to the generated code as a variable.

    Attributes:
        columns: The SQL of each column.
        joins: What is joined to the rows, in order.
        nested: Whether it is inside another row's value, so that no level can refer to its rows.
        paged: Whether it is of the rows of a page: many, and many that refer to the same row.
        holds_arrays: Whether a column is an array: then rows are gathered as records, since arrays of arrays of
            different lengths can't be.
        gathered: For the rows of a list, where the owner's scope keeps each column as an array.
    """

    def __init__(self, prefix: str, *, nested: bool) -> None:
        self.columns: list[str] = []
        self.joins: list[str] = []
        self.nested = nested
        self.paged = False
        self.holds_arrays = False
        self.gathered: tuple[Scope, list[int]] | None = None
        self._prefix = prefix

    def value(self, sql: str) -> str:
        """The variable that holds the value of an SQL expression over the row."""
        return self.variable(self.place(sql))

    def place(self, sql: str) -> int:
        """The number of the column with that SQL."""
        if sql not in self.columns:
            self.columns.append(sql)
        return self.columns.index(sql)

    def variable(self, place: int) -> str:
        """The variable of a column."""
        return f"{self._prefix}{place}"

    @property
    def variables(self) -> str:
        """The variables of all columns, as a loop unpacks a row."""
        return "".join(f"{self.variable(place)}, " for place in range(len(self.columns)))

    def select(self) -> str:
        """What stands between SELECT and FROM."""
        return ", ".join(f"{sql} as c{place}" for place, sql in enumerate(self.columns)) or "1 as c0"


@dataclass(frozen=True)
class Row:
    """One row of a source inside a scope, by the name that the statement gives it."""

    scope: Scope
    alias: str
    source: Source

    def column(self, name: str) -> str:
        """The SQL of one of its columns."""
        return f'{self.alias}."{name}"'

    def value(self, name: str) -> str:
        """The variable that holds one of its columns."""
        return self.scope.value(self.column(name))


@dataclass(frozen=True)
class Origin:
    """Where rows hold the keys of others.

    Attributes:
        scope: The rows.
        key: The column of the key.
        kind: The column that names the model whose key it is, where that differs from row to row.
        model: The name that is meant.
    """

    scope: Scope
    key: int
    kind: int | None = None
    model: str | None = None

    @property
    def columns(self) -> list[tuple[str, int]]:
        """The columns that it takes, by what they are."""
        return [("key", self.key), *([] if self.kind is None else [("kind", self.kind)])]


class Level(Scope):
    """The rows of one source that other rows refer to, or that the operation begins with: one CTE of the statement.

    Attributes:
        number: Its place among the levels; the code finds its objects by key in `m<number>`.
        row: The row.
        rows: FROM: where the rows come from.
        conditions: Which of them.
        origin: Where another scope's rows hold their keys; None where the operation begins with them.
        order: ORDER BY, where an order matters.
        single: Whether there is one row at most.
        shared: Whether many objects may refer to one of its rows, so that it is written once.
        code: The expression that builds the object of a row.
    """

    def __init__(self, number: int, source: Source, origin: Origin | None = None, *, single: bool = False) -> None:
        super().__init__("c", nested=False)
        self.number = number
        self.row = Row(self, f"p{number}__", source)
        self.rows = f"{source.table} {self.row.alias}" if source.model else ""
        self.conditions: list[str] = []
        self.origin = origin
        self.paged = origin is not None and origin.scope.paged
        self.order = ""
        self.single = single
        self.shared = False
        self.code = "None"

    def statement(self) -> str:
        """The SELECT of its rows.

        Raises:
            NotCompiled: Its keys stand where no other SELECT can find them.
        """
        conditions = list(self.conditions)
        if self.origin:
            conditions.insert(0, f"{self.row.alias}.id = any(array({_keys(self.origin)}))")
        where = f" where {' and '.join(conditions)}" if conditions else ""
        order = f" order by {self.order}" if self.order else ""
        return f"select {self.select()} from {self.rows} {' '.join(self.joins)}{where}{order}"


def _keys(origin: Origin) -> str:
    """A query for the keys."""
    columns = origin.columns
    level, selected = origin.scope, [f"q__.c{place}" for _, place in columns]
    if level.gathered:
        level, places = level.gathered
        # In FROM, PostgreSQL would put the elements of each row into a store of their own first.
        selected = [f"unnest(q__.c{places[place]})" for _, place in columns]
    if not isinstance(level, Level):
        raise NotCompiled("rows inside rows inside rows")
    if origin.model is None:
        return f"select {selected[0]} from l{level.number} q__"
    named = ", ".join(f"{sql} as {name}" for sql, (name, _) in zip(selected, columns, strict=True))
    return f"select k__.key from (select {named} from l{level.number} q__) k__ where k__.kind = '{origin.model}'"
