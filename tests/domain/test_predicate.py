"""Conditions as SQL, and simplified for actors who have some facts."""

import pytest

from domain.predicate import ALWAYS, NEVER, Predicate, all_of, among, any_of, exists, holds
from domain.sql import Sql
from domain.standing import Standing

COUNTS = Standing(person=7, acts_for=[1, 2], administers=[1]).fact_counts
"""The facts of a person who is USER nowhere."""
OPEN = Predicate("t.open")
MINE = among("t.id", "administers")
NOT_MINE = among("t.id", "user_of")


@pytest.mark.parametrize(
    ("condition", "sql"),
    [
        (OPEN, "t.open"),
        (any_of("a", "b", MINE), "a or b or t.id = any(:administers)"),
        (all_of("a or b", MINE), "(a or b) and (t.id = any(:administers))"),
        (OPEN | MINE & OPEN, "t.open or (t.id = any(:administers)) and (t.open)"),
        (among("{row}.user_id", "person"), "{row}.user_id = :person"),
        (exists("t join u on u.id = t.id", "a", "b"), "exists (select from t join u on u.id = t.id where (a) and (b))"),
        (exists("t", "a", rest=" offset 0"), "exists (select from t where a offset 0)"),
        (holds("user_work_relations"), "cardinality(:user_work_relations) > 0"),
        (NEVER, "false"),
        (ALWAYS, "true"),
    ],
)
def test_the_sql_of_a_condition(condition: Predicate, sql: str):
    assert condition.text == sql


@pytest.mark.parametrize(
    ("condition", "simplified"),
    [
        (NOT_MINE, NEVER),
        (among("t.authority_id", "authority"), NEVER),
        (holds("user_work_relations"), NEVER),
        (holds("administers"), ALWAYS),
        (any_of(NOT_MINE, OPEN), OPEN),
        (any_of(NOT_MINE, NOT_MINE), NEVER),
        (any_of(holds("administers"), OPEN), ALWAYS),
        (all_of(OPEN, NOT_MINE), NEVER),
        (all_of(holds("administers"), OPEN), OPEN),
        (exists("t", OPEN, NOT_MINE), NEVER),
        (exists("t", OPEN, exists("u", NOT_MINE)), NEVER),
        (exists("t", any_of(OPEN, exists("u", NOT_MINE))), exists("t", OPEN)),
    ],
)
def test_parts_that_are_never_true_without_a_fact_are_omitted(condition: Predicate, simplified: Predicate):
    assert condition.simplified(COUNTS) == simplified


@pytest.mark.parametrize(
    "condition",
    [MINE, holds("acts_for"), exists("t", MINE), Predicate("t.open and false"), Predicate("not ({0})", (MINE,))],
    ids=["one key", "several keys", "a row", "a text", "a negation"],
)
def test_conditions_that_may_be_true_are_not_simplified(condition: Predicate):
    assert condition.simplified(COUNTS) == condition


def test_conditions_are_rendered_at_their_numbers():
    sql = Sql("case when {0} then 1 when {1} then 2 end", (NOT_MINE, MINE))

    assert sql.text == "case when t.id = any(:user_of) then 1 when t.id = any(:administers) then 2 end"
    assert sql.simplified(COUNTS).text == "case when false then 1 when t.id = any(:administers) then 2 end"


def test_a_condition_is_rendered_with_the_alias_of_another_row():
    inner = all_of("{row}.open", among("{row}.id", "acts_for"))

    assert exists("t", "t.id = {row}.t_id", inner.aliased("t")).sql_for("u") == (
        "(exists (select from t where (t.id = u.t_id) and ((t.open) and (t.id = any(:acts_for)))))"
    )


def test_a_part_is_replaced_wherever_it_occurs():
    sql = all_of(OPEN, exists("u", any_of(MINE, OPEN))).replace_parts(lambda part: ALWAYS if part == OPEN else None)

    assert sql == all_of(ALWAYS, exists("u", any_of(MINE, ALWAYS)))


def test_the_facts_that_a_condition_names():
    assert any_of(MINE, NOT_MINE, "t.user_id <> :person and t.kind = 'x'::text").facts == {
        "administers",
        "user_of",
        "person",
    }


def test_conditions_with_the_same_text_are_equal():
    assert any_of("a", "b") == Predicate("a or b")
    assert hash(any_of("a", "b")) == hash(Predicate("a or b"))
    assert OPEN != MINE
    assert OPEN != "t.open"
