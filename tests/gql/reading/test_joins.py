"""What a rule asks of the column that ties a row to its owner."""

from domain.predicate import Predicate, any_of, exists
from gql.reading.joins import JoinCondition, join_conditions, join_on

RULE = any_of("{row}.group_id = 7", "{row}.group_id_before = 1", exists("g", "g.id = {row}.group_id"))


def test_it_is_asked_of_the_owner():
    told = join_on("group_id").on_owner(RULE)

    assert told == any_of("{owner}.id = 7", "{row}.group_id_before = 1", exists("g", "g.id = {owner}.id"))


def test_what_the_owner_must_be_besides_changes_nothing():
    tie = join_on("user_id", "person_id", only="{owner}.kind <> 'A'")

    assert tie.condition.text == "({row}.user_id = {owner}.person_id) and ({owner}.kind <> 'A')"
    assert tie.on_owner(Predicate("{row}.user_id = 7")).text == "{owner}.person_id = 7"


def test_a_row_that_is_tied_otherwise_is_asked_itself():
    [tie] = join_conditions("{row}.group_id = {owner}.id or {row}.id = {owner}.row_id")

    assert tie.on_owner(RULE) is RULE


def test_a_tie_is_declared_as_sql_as_a_column_or_as_several():
    assert join_conditions("{row}.id = 1") == (JoinCondition(Predicate("{row}.id = 1")),)
    assert join_conditions(join_on("group_id")) == (join_on("group_id"),)
    assert join_conditions((join_on("group_id"), join_on("other_id"))) == (join_on("group_id"), join_on("other_id"))
