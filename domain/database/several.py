"""One statement in the place of several that differ in their values alone.

    select row__.*, one__.place__ from unnest($1::int8[], …) one__ (p1, …, place__)
    cross join lateral (select * from (…) asked__ limit 1) row__

The brackets hold the statement, with `one__.p1` where it has `$1`. It gives the first row for each set of values, in
any order, with the place of the set as its last column. A value that is a list can't stand in a list of lists, which
must all be as long: those of all sets come as one list, and each takes its part of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, count
from typing import Any, Final

import asyncpg

_PARAMETER: Final = re.compile(r"\$(\d+)")

Values = Sequence[Any]
"""What the statement takes once."""


@dataclass(frozen=True)
class Several:
    """A statement that is carried out for several sets of values at once.

    Attributes:
        text: The SQL.
        lists: Which of the parameters are lists, by number.
    """

    text: str
    lists: tuple[int, ...]

    @classmethod
    def of(cls, statement: str, parameters: Sequence[asyncpg.Type]) -> "Several":
        """The statement for several sets of the values that a statement takes.

        Args:
            statement: It names its parameters as `$1`, and changes nothing.
            parameters: Their types, as PostgreSQL tells them.
        """
        lists = tuple(number for number, kind in enumerate(parameters, 1) if kind.kind == "array")
        columns = [(f"${n}::{kind.name}[]", f"p{n}") for n, kind in enumerate(parameters, 1) if n not in lists]
        added = (f"${number}::int4[]" for number in count(len(parameters) + 1))
        columns.append((next(added), "place__"))
        for number in lists:
            columns += [(next(added), f"first{number}"), (next(added), f"last{number}")]
        rows = f"unnest({', '.join(given for given, _ in columns)}) one__ ({', '.join(name for _, name in columns)})"
        if lists:
            parts = (f"(${n}::{parameters[n - 1].name})[one__.first{n}:one__.last{n}] as p{n}" for n in lists)
            # Found once for all rows that it is compared with.
            rows += f" cross join lateral (select {', '.join(parts)} offset 0) list__"
        asked = _PARAMETER.sub(lambda n: f"{'list' if int(n[1]) in lists else 'one'}__.p{n[1]}", statement)
        first = f"select * from ({asked}) asked__ limit 1"
        return cls(f"select row__.*, one__.place__ from {rows} cross join lateral ({first}) row__", lists)

    def values(self, sets: Sequence[Values]) -> Iterator[Any]:
        """What it takes for several sets of values."""
        for number, column in enumerate(zip(*sets, strict=True), 1):
            yield [one for part in column for one in part or ()] if number in self.lists else column
        yield range(len(sets))
        for number in self.lists:
            yield from _parts([values[number - 1] for values in sets])


def _parts(lists: Sequence[Sequence[Any] | None]) -> tuple[list[int | None], list[int | None]]:
    """Where each list begins and ends in all of them, counted from 1; nowhere for none."""
    ends = list(accumulate(len(one or ()) for one in lists))
    firsts = [None if one is None else end - len(one) + 1 for one, end in zip(lists, ends, strict=True)]
    return firsts, [None if one is None else end for one, end in zip(lists, ends, strict=True)]
