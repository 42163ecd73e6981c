"""Join conditions, and rules about the joined column, which are checked on the owner."""

from domain.predicate import Predicate, any_of, exists
from gql.reading.joins import JoinCondition, join_conditions, join_on

RULE = any_of("{row}.group_id = 7", "{row}.group_id_before = 1", exists("g", "g.id = {row}.group_id"))


def test_a_rule_about_the_joined_column_is_checked_on_the_owner():
    on_owner = join_on("group_id").on_owner(RULE)

    assert on_owner == any_of("{owner}.id = 7", "{row}.group_id_before = 1", exists("g", "g.id = {owner}.id"))


def test_a_further_condition_on_the_owner_changes_nothing():
    join = join_on("user_id", "person_id", only="{owner}.kind <> 'A'")

    assert join.condition.text == "({row}.user_id = {owner}.person_id) and ({owner}.kind <> 'A')"
    assert join.on_owner(Predicate("{row}.user_id = 7")).text == "{owner}.person_id = 7"


def test_a_rule_is_checked_on_the_row_where_no_column_joins_it():
    [join] = join_conditions("{row}.group_id = {owner}.id or {row}.id = {owner}.row_id")

    assert join.on_owner(RULE) is RULE


def test_a_join_is_declared_as_sql_as_a_column_or_as_several():
    assert join_conditions("{row}.id = 1") == (JoinCondition(Predicate("{row}.id = 1")),)
    assert join_conditions(join_on("group_id")) == (join_on("group_id"),)
    assert join_conditions((join_on("group_id"), join_on("other_id"))) == (join_on("group_id"), join_on("other_id"))
