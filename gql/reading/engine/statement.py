"""Generates the statement that reads the levels of an operation, and the function that builds the response.

The statement returns one row. It has the columns of a level with a single row as they are, and those of another level
as an array each. If a column is an array itself, the level is an array of records, since PostgreSQL has no arrays of
arrays of different lengths; records take longer to send and to parse.
"""

from collections.abc import Sequence
from typing import Final

from gql.reading.engine import opened_contracts
from gql.reading.engine.scopes import Level

_ONE_ROW: Final = "from (select) one__"


class Statement:
    """The statement of an operation, and the function that builds the response from its row.

    Args:
        levels: The levels, each after the one that refers to it.

    Attributes:
        text: The SQL, with references to facts and markers of slots.
    """

    def __init__(self, levels: Sequence[Level]) -> None:
        self._levels = levels
        ctes = ", ".join(f"l{level.number} as ({level.statement()})" for level in levels)
        if opened_contracts.CTE_NAME in ctes:
            ctes = f"{opened_contracts.CTE}, {ctes}"
        with_clause = f"with {ctes} " if ctes else ""
        select_list = ", ".join(column for level in levels for column in _row_columns(level)) or "1"
        self.text = f"{with_clause}select {select_list} {_ONE_ROW}{''.join(map(_join, levels))}"

    def build_source(self, fields: str) -> str:
        """The source text of the function that builds the response.

        Args:
            fields: The code of the response's fields, over the objects of each level by key.
        """
        column, first_columns = 0, {}
        for level in self._levels:
            first_columns[level.number] = column
            column += len(_row_columns(level))
        lines = ["def build(row, values, viewer):"]
        # A level comes before those that refer to it.
        for level in reversed(self._levels):
            lines += _build_level(level, first_columns[level.number])
        return "\n".join([*lines, f" return {{{fields}}}"])


def _row_columns(level: Level) -> list[str]:
    """The columns of the statement's row that hold a level."""
    name, columns = f"l{level.number}", range(len(level.columns))
    if level.is_single:
        return [f"{name}.c{column}" for column in columns]
    if level.has_arrays:
        return [f"array(select q__ from {name} q__)"]
    return [f"{name}a.c{column}" for column in columns]


def _join(level: Level) -> str:
    """The join that gives the statement's row these columns."""
    name = f"l{level.number}"
    if level.is_single:
        return f" left join {name} on true"
    if level.has_arrays:
        return ""
    aggregates = ", ".join(f"array_agg(q__.c{column}) as c{column}" for column in range(len(level.columns)))
    return f" cross join (select {aggregates} from {name} q__) {name}a"


def _build_level(level: Level, first_column: int) -> list[str]:
    """The lines of code that build the objects of a level by key."""
    objects, columns = f"m{level.number}", f"row[{first_column}:{first_column + len(level.columns)}]"
    code = f"fragment(dumps({level.object_code}))" if level.is_shared else level.object_code
    assignment = f"{objects}[{level.variable(0)}] = {code}"
    if level.is_single:
        loop = [f" {level.variables} = {columns}", f" if {level.variable(0)} is not None:", f"  {assignment}"]
    elif level.has_arrays:
        loop = [f" for {level.variables} in row[{first_column}]:", f"  {assignment}"]
    else:
        loop = [f" if row[{first_column}]:", f"  for {level.variables} in zip(*{columns}):", f"   {assignment}"]
    return [f" {objects} = {{}}", *loop]
