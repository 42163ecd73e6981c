"""How levels are laid out in the single row of a statement, and how the data are built from it."""

from typing import Any

import gql.schema  # noqa: F401  # declares the sources
from gql.reading.engine.scopes import KeyReference, Level
from gql.reading.engine.statement import Statement
from gql.reading.sources import SOURCES


def single_row_level() -> Level:
    level = Level(0, SOURCES["Organisation"], is_single=True)
    level.add_column("p0__.id")
    level.add_column("p0__.name")
    level.conditions.append("p0__.id = 7")
    level.object_code = "[c0, c1]"
    return level


def build_level(level: Level, row: list[Any]) -> Any:
    names: dict[str, Any] = {"fragment": list, "dumps": str}
    exec(Statement([level]).build_source(f"'result': m{level.number}"), names)  # noqa: S102  # as a plan does
    return names["build"](row, [], None)["result"]


def test_a_single_row_is_selected_as_columns():
    level = single_row_level()

    assert Statement([level]).text == (
        'with l0 as (select p0__.id as c0, p0__.name as c1 from "organisation" p0__  where p0__.id = 7)'
        " select l0.c0, l0.c1 from (select) one__ left join l0 on true"
    )
    assert build_level(level, [7, "Aarde"]) == {7: [7, "Aarde"]}
    assert build_level(level, [None, None]) == {}


def test_several_rows_are_selected_as_an_array_of_each_column():
    level = Level(0, SOURCES["Contract"])
    level.add_column("p0__.id")
    level.add_column("p0__.title")
    level.object_code = "c1"

    assert Statement([level]).text == (
        'with l0 as (select p0__.id as c0, p0__.title as c1 from "contract" p0__ )'
        " select l0a.c0, l0a.c1 from (select) one__"
        " cross join (select array_agg(q__.c0) as c0, array_agg(q__.c1) as c1 from l0 q__) l0a"
    )
    assert build_level(level, [[4, 5], ["Dak", "Dijk"]]) == {4: "Dak", 5: "Dijk"}
    assert build_level(level, [None, None]) == {}


def test_rows_with_arrays_are_selected_as_records():
    level = Level(0, SOURCES["Contract"])
    level.add_column("p0__.id")
    level.has_arrays = True
    level.object_code = "c0"

    assert Statement([level]).text == (
        'with l0 as (select p0__.id as c0 from "contract" p0__ )'
        " select array(select q__ from l0 q__) from (select) one__"
    )
    assert build_level(level, [[(4,), (5,)]]) == {4: 4, 5: 5}


def test_each_level_is_built_before_the_one_that_refers_to_it():
    owner = single_row_level()
    level = Level(1, SOURCES["Contract"], KeyReference(owner, 1))
    level.add_column("p1__.id")
    level.object_code, owner.object_code = "'inner'", "m1[c1]"

    names: dict[str, Any] = {}
    exec(Statement([owner, level]).build_source("'result': m0"), names)  # noqa: S102  # as a plan does

    assert names["build"]([7, 4, [4]], [], None) == {"result": {7: "inner"}}


def test_without_levels_there_is_still_a_statement():
    assert Statement([]).text == "select 1 from (select) one__"
