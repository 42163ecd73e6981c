"""Rules about the rows of pages look up the contracts that groups open to the viewer."""

from domain import visibility
from domain.predicate import Predicate
from gql.reading.engine.opened_contracts import CTE_NAME, check_in_turn, look_up_opened
from gql.reading.joins import join_on

AMONG_OPENED = f"in (select contract_id from {CTE_NAME})"
OF_ORGANISATION = Predicate("row__.organisation_id = p0__.id")


def test_a_rule_looks_its_contract_up_among_the_opened_ones():
    sql = look_up_opened(visibility.contract.aliased("p0__")).text

    assert f"p0__.id {AMONG_OPENED}" in sql
    assert "exists" not in sql


def test_a_nested_rule_looks_its_contract_up_among_the_opened_ones():
    sql = look_up_opened(visibility.group.aliased("p0__")).text

    assert f"and (gl.contract_id {AMONG_OPENED})" in sql
    assert "join membership" not in sql


def test_other_rules_about_groups_are_unchanged():
    document = visibility.document.aliased("p0__")

    assert look_up_opened(document) == document


def test_many_contracts_of_an_organisation_are_checked_in_turn_near_the_start_of_the_page():
    sql = check_in_turn(OF_ORGANISATION & visibility.contract.aliased("row__"), "p0__", "row__.id > 7").text

    assert (
        f"case when not exists (select from {CTE_NAME} offset 200) or row__.id > 7 then row__.id {AMONG_OPENED}" in sql
    )
    assert sql.count("(al.contract_id = row__.id and al.ended_at is null) offset 0)") == 2


def test_contracts_of_several_organisations_are_not_checked_in_turn():
    rule = visibility.contract.aliased("row__")

    assert check_in_turn(rule, "p0__", "row__.id > 7") == rule
    assert check_in_turn(OF_ORGANISATION & rule, "p0__", None) == OF_ORGANISATION & rule


def test_the_contract_that_owns_a_list_is_checked_in_turn_at_any_distance():
    link = join_on("contract_id").on_owner(visibility.group_link).map_text(lambda text: text.replace("{owner}", "p0__"))

    sql = check_in_turn(link, "p0__", None).text

    assert f"case when not exists (select from {CTE_NAME} offset 200) then p0__.id {AMONG_OPENED}" in sql


def test_the_first_links_of_a_group_are_checked_in_turn():
    sql = check_in_turn(visibility.group.aliased("row__"), "p0__", None).text

    first = "fl.group_id = row__.id and fl.ended_at is null order by fl.contract_id offset 20 limit 1"
    assert f"gl.contract_id > (select fl.contract_id from group_link fl where {first})" in sql
