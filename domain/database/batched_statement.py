"""One statement that runs a query for several sets of parameters.

    select row__.*, set__.place__ from unnest($1::int8[], …) set__ (p1, …, place__)
    cross join lateral (select * from (…) query__ limit 1) row__

The inner parentheses contain the query, with `set__.p1` in place of `$1`. The statement returns the first row for each
set of parameters, in any order, with the position of the set as its last column. PostgreSQL has no arrays of arrays of
different lengths, so the arrays of all sets for a parameter are passed as one array, of which each set takes a slice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, count
from typing import Any, Final

import asyncpg

_PARAMETER: Final = re.compile(r"\$(\d+)")

Parameters = Sequence[Any]
"""The values of a query's parameters."""


@dataclass(frozen=True)
class BatchedStatement:
    """A statement that runs a query for several sets of parameters.

    Attributes:
        sql: Its text.
        array_parameters: The numbers of the query's parameters that are arrays.
    """

    sql: str
    array_parameters: tuple[int, ...]

    @classmethod
    def from_statement(cls, sql: str, types: Sequence[asyncpg.Type]) -> "BatchedStatement":
        """The statement that runs a query for several sets of parameters.

        Args:
            sql: The query, which refers to its parameters as `$1` and changes nothing.
            types: The types of its parameters.
        """
        arrays = tuple(number for number, kind in enumerate(types, 1) if kind.kind == "array")
        columns = [(f"${n}::{kind.name}[]", f"p{n}") for n, kind in enumerate(types, 1) if n not in arrays]
        next_parameter = (f"${number}::int4[]" for number in count(len(types) + 1))
        columns.append((next(next_parameter), "place__"))
        for number in arrays:
            columns += [(next(next_parameter), f"first{number}"), (next(next_parameter), f"last{number}")]
        rows = f"unnest({', '.join(value for value, _ in columns)}) set__ ({', '.join(name for _, name in columns)})"
        if arrays:
            slices = (f"(${n}::{types[n - 1].name})[set__.first{n}:set__.last{n}] as p{n}" for n in arrays)
            # `offset 0`: otherwise the array would be sliced anew for each row that it is compared with.
            rows += f" cross join lateral (select {', '.join(slices)} offset 0) array__"
        query = _PARAMETER.sub(lambda n: f"{'array' if int(n[1]) in arrays else 'set'}__.p{n[1]}", sql)
        first = f"select * from ({query}) query__ limit 1"
        return cls(f"select row__.*, set__.place__ from {rows} cross join lateral ({first}) row__", arrays)

    def parameters(self, parameter_sets: Sequence[Parameters]) -> Iterator[Any]:
        """The statement's own parameters for several sets of the query's."""
        for number, column in enumerate(zip(*parameter_sets, strict=True), 1):
            is_array = number in self.array_parameters
            yield [element for array in column for element in array or ()] if is_array else column
        yield range(len(parameter_sets))
        for number in self.array_parameters:
            yield from _bounds([parameters[number - 1] for parameters in parameter_sets])


def _bounds(arrays: Sequence[Sequence[Any] | None]) -> tuple[list[int | None], list[int | None]]:
    """The first and the last index of each array within their concatenation, from 1; None for null."""
    ends = list(accumulate(len(array or ()) for array in arrays))
    firsts = [None if array is None else end - len(array) + 1 for array, end in zip(arrays, ends, strict=True)]
    return firsts, [None if array is None else end for array, end in zip(arrays, ends, strict=True)]
