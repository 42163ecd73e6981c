"""The levels of an operation, written out: the statement that reads their rows, and the function that builds from them.

The statement gives one row. The columns of a level with a single row stand in it as they are, those of other levels as
an array each. Where a column is an array itself, the rows come as an array of records, since arrays of arrays of
different lengths can't be; records take longer to send and to read.
"""

from collections.abc import Sequence
from typing import Final

from gql.reading.engine import acted_on
from gql.reading.engine.scopes import Level

ONE: Final = "from (select) one__"


class Statement:
    """The statement of an operation, and what is made of its row.

    Args:
        levels: The levels, each after the one that refers to it.

    Attributes:
        text: The SQL; facts and values are yet to be put in.
    """

    def __init__(self, levels: Sequence[Level]) -> None:
        self._levels = levels
        read = ", ".join(f"l{level.number} as ({level.statement()})" for level in levels)
        if acted_on.NAME in read:
            read = f"{acted_on.TABLE}, {read}"
        before = f"with {read} " if read else ""
        selected = ", ".join(column for level in levels for column in _selected(level)) or "1"
        self.text = f"{before}select {selected} {ONE}{''.join(map(_joined, levels))}"

    def builder(self, fields: str) -> str:
        """The text of a function that builds an answer.

        Args:
            fields: The code of what the answer holds, over the objects of each level by key.
        """
        place, places = 0, {}
        for level in self._levels:
            places[level.number] = place
            place += len(_selected(level))
        lines = ["def build(row, B, viewer):"]
        # The innermost first.
        for level in reversed(self._levels):
            lines += _built(level, places[level.number])
        return "\n".join([*lines, f" return {{{fields}}}"])


def _selected(level: Level) -> list[str]:
    """The columns of the statement's row that hold a level."""
    name, columns = f"l{level.number}", range(len(level.columns))
    if level.single:
        return [f"{name}.c{column}" for column in columns]
    if level.holds_arrays:
        return [f"array(select q__ from {name} q__)"]
    return [f"{name}a.c{column}" for column in columns]


def _joined(level: Level) -> str:
    """What the statement joins to have them."""
    name = f"l{level.number}"
    if level.single:
        return f" left join {name} on true"
    if level.holds_arrays:
        return ""
    gathered = ", ".join(f"array_agg(q__.c{column}) as c{column}" for column in range(len(level.columns)))
    return f" cross join (select {gathered} from {name} q__) {name}a"


def _built(level: Level, place: int) -> list[str]:
    """The code that makes the objects of a level by key."""
    objects, columns = f"m{level.number}", f"row[{place}:{place + len(level.columns)}]"
    code = f"fragment(dumps({level.code}))" if level.shared else level.code
    kept = f"{objects}[{level.variable(0)}] = {code}"
    if level.single:
        loop = [f" {level.variables} = {columns}", f" if {level.variable(0)} is not None:", f"  {kept}"]
    elif level.holds_arrays:
        loop = [f" for {level.variables} in row[{place}]:", f"  {kept}"]
    else:
        loop = [f" if row[{place}]:", f"  for {level.variables} in zip(*{columns}):", f"   {kept}"]
    return [f" {objects} = {{}}", *loop]
