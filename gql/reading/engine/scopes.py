"""Scopes: the columns of the statement's SELECTs, and their variables in the generated code."""

from dataclasses import dataclass

from gql.reading.engine.fallback import Fallback
from gql.reading.sources import Source


class Scope:
    """The columns of one SELECT, each a variable of the generated code.

    Attributes:
        columns: The SQL of each column.
        joins: The joins to the rows, in order.
        is_nested: Whether its rows are inside a value of another row, so that no level can refer to them.
        in_page: Whether its rows are those of a page: many, of which several refer to the same row.
        has_arrays: Whether a column is an array. Rows are then aggregated as records, since PostgreSQL has no arrays of
            arrays of different lengths.
        aggregated_in: For the rows of a list: the owner's scope, and its columns that hold each column as an array.
    """

    def __init__(self, prefix: str, *, is_nested: bool) -> None:
        self.columns: list[str] = []
        self.joins: list[str] = []
        self.is_nested = is_nested
        self.in_page = False
        self.has_arrays = False
        self.aggregated_in: tuple[Scope, list[int]] | None = None
        self._prefix = prefix

    def variable_for(self, sql: str) -> str:
        """The variable that holds the value of an SQL expression over the row."""
        return self.variable(self.add_column(sql))

    def add_column(self, sql: str) -> int:
        """The number of the column with that SQL; adds it if there is none."""
        if sql not in self.columns:
            self.columns.append(sql)
        return self.columns.index(sql)

    def variable(self, column: int) -> str:
        """The variable of a column."""
        return f"{self._prefix}{column}"

    @property
    def variables(self) -> str:
        """The variables of all columns, as a loop unpacks a row."""
        return "".join(f"{self.variable(column)}, " for column in range(len(self.columns)))

    def select_list(self) -> str:
        """The select list: what is between SELECT and FROM."""
        return ", ".join(f"{sql} as c{column}" for column, sql in enumerate(self.columns)) or "1 as c0"


@dataclass(frozen=True)
class Row:
    """One row of a source inside a scope, by its alias in the statement."""

    scope: Scope
    alias: str
    source: Source

    def column(self, name: str) -> str:
        """The SQL of one of its columns."""
        return f'{self.alias}."{name}"'

    def variable(self, name: str) -> str:
        """The variable that holds one of its columns."""
        return self.scope.variable_for(self.column(name))


@dataclass(frozen=True)
class KeyReference:
    """The column in which rows hold the keys of others.

    Attributes:
        scope: The rows.
        key: The column of the key.
        model_column: The column that names the model whose key it is, where that differs from row to row.
        model: The model whose keys are selected by it.
    """

    scope: Scope
    key: int
    model_column: int | None = None
    model: str | None = None

    @property
    def columns(self) -> dict[str, int]:
        """The columns by what they hold."""
        return {"key": self.key} | ({} if self.model_column is None else {"model": self.model_column})


class Level(Scope):
    """The rows of one source that other rows refer to, or that the operation starts from: one CTE of the statement.

    Attributes:
        number: Its index among the levels; the code finds its objects by key in `m<number>`.
        row: The row.
        from_item: The item of FROM that gives the rows.
        conditions: The conditions in WHERE.
        keys: The column that holds their keys; None where the operation starts from them.
        order: ORDER BY, if the order matters.
        is_single: Whether there is at most one row.
        is_shared: Whether many objects may refer to one of its rows, so that it is serialised once.
        object_code: The expression that builds the object of a row.
    """

    def __init__(
        self, number: int, source: Source, keys: KeyReference | None = None, *, is_single: bool = False
    ) -> None:
        super().__init__("c", is_nested=False)
        self.number = number
        self.row = Row(self, f"p{number}__", source)
        self.from_item = f"{source.table} {self.row.alias}" if source.model else ""
        self.conditions: list[str] = []
        self.keys = keys
        self.in_page = keys is not None and keys.scope.in_page
        self.order = ""
        self.is_single = is_single
        self.is_shared = False
        self.object_code = "None"

    def statement(self) -> str:
        """The SELECT of its rows.

        Raises:
            Fallback: No other SELECT can find its keys.
        """
        conditions = list(self.conditions)
        if self.keys:
            conditions.insert(0, f"{self.row.alias}.id = any(array({_select_keys(self.keys)}))")
        where = f" where {' and '.join(conditions)}" if conditions else ""
        order = f" order by {self.order}" if self.order else ""
        return f"select {self.select_list()} from {self.from_item} {' '.join(self.joins)}{where}{order}"


def _select_keys(keys: KeyReference) -> str:
    """The SELECT of the keys."""
    columns = keys.columns
    level, selected = keys.scope, [f"q__.c{column}" for column in columns.values()]
    if level.aggregated_in:
        level, arrays = level.aggregated_in
        # In FROM, PostgreSQL would first write the elements of each row to a tuple store.
        selected = [f"unnest(q__.c{arrays[column]})" for column in columns.values()]
    if not isinstance(level, Level):
        raise Fallback("rows inside rows inside rows")
    if keys.model is None:
        return f"select {selected[0]} from l{level.number} q__"
    named = ", ".join(f"{sql} as {name}" for sql, name in zip(selected, columns, strict=True))
    return f"select k__.key from (select {named} from l{level.number} q__) k__ where k__.model = '{keys.model}'"
