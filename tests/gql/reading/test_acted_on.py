"""The contracts that somebody acts on, in rules about rows of pages."""

from domain import visibility
from gql.reading.acted_on import NAME, found_once


def test_a_rule_looks_among_the_contracts_that_were_found():
    written = found_once(visibility.contract.on("p0__"))

    assert f"p0__.id in (select contract_id from {NAME})" in written
    assert "exists" not in written


def test_a_look_inside_another_one_does_so_too():
    written = found_once(visibility.group.on("p0__"))

    assert f"and gl.contract_id in (select contract_id from {NAME}))" in written
    assert "join membership" not in written


def test_what_else_is_asked_of_a_group_is_asked_of_each_row():
    document = visibility.document.on("p0__")

    assert found_once(document) == document
