"""What a rule asks of the column that ties a row to its owner."""

from domain.predicate import Predicate, any_of, exists
from gql.reading.ties import Tie, tied, ties_of

RULE = any_of("{row}.group_id = 7", "{row}.group_id_before = 1", exists("g", "g.id = {row}.group_id"))


def test_it_is_asked_of_the_owner():
    told = tied("group_id").asked_of_owner(RULE)

    assert told == any_of("{owner}.id = 7", "{row}.group_id_before = 1", exists("g", "g.id = {owner}.id"))


def test_what_the_owner_must_be_besides_changes_nothing():
    tie = tied("user_id", "person_id", only="{owner}.kind <> 'A'")

    assert tie.condition.text == "({row}.user_id = {owner}.person_id) and ({owner}.kind <> 'A')"
    assert tie.asked_of_owner(Predicate("{row}.user_id = 7")).text == "{owner}.person_id = 7"


def test_a_row_that_is_tied_otherwise_is_asked_itself():
    [tie] = ties_of("{row}.group_id = {owner}.id or {row}.id = {owner}.row_id")

    assert tie.asked_of_owner(RULE) is RULE


def test_a_tie_is_declared_as_sql_as_a_column_or_as_several():
    assert ties_of("{row}.id = 1") == (Tie(Predicate("{row}.id = 1")),)
    assert ties_of(tied("group_id")) == (tied("group_id"),)
    assert ties_of((tied("group_id"), tied("other_id"))) == (tied("group_id"), tied("other_id"))
