"""The facts about the viewer as parameters of a statement."""

import pytest

from domain.standing import Standing
from gql.reading.engine.facts import bind_facts

ADMINISTRATOR = Standing(person=7, acts_for=[1, 2], administers=[1])


@pytest.mark.parametrize(
    ("text", "bound", "names"),
    [
        ("o.id = any(:acts_for)", "o.id = any($1::bigint[])", ("acts_for",)),
        (
            "o.id = any(:acts_for) and :person = any(:acts_for)",
            "o.id = any($1::bigint[]) and $2::bigint = any($1::bigint[])",
            ("acts_for", "person"),
        ),
        ("«3»::bigint = any(:user_of)", "«3»::bigint = any('{}'::bigint[])", ()),
        (
            "cardinality(:acts_for) > cardinality(:user_of)",
            "cardinality($1::bigint[]) > cardinality('{}'::bigint[])",
            ("acts_for",),
        ),
        ("a = :person or b = :person", "a = $1::bigint or b = $1::bigint", ("person",)),
        ("'x'::person", "'x'::person", ()),
        ("o.id is not distinct from :session", "o.id is not distinct from null::bigint", ()),
    ],
)
def test_present_facts_are_parameters_and_absent_ones_literals(text: str, bound: str, names: tuple[str, ...]):
    statement, facts = bind_facts(text, ADMINISTRATOR)

    assert (statement, facts.names) == (bound, names)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("o.id = any(:administers)", "o.id = $1::bigint"),
        ("«3»::bigint = any(:administers)", "«3»::bigint = $1::bigint"),
        ("unnest(:administers)", "unnest(array[$1::bigint])"),
        ("cardinality(:administers) > 0", "cardinality(array[$1::bigint]) > 0"),
    ],
)
def test_a_single_key_is_written_as_a_key(text: str, bound: str):
    statement, facts = bind_facts(text, ADMINISTRATOR)

    assert statement == bound
    assert facts.values(ADMINISTRATOR) == [1]


def test_facts_that_were_simplified_away_must_match_too():
    _, facts = bind_facts("o.id = any(:acts_for)", ADMINISTRATOR, frozenset({"user_of"}))

    assert facts.names == ("acts_for",)
    assert facts.matches(ADMINISTRATOR)
    assert not facts.matches(Standing(person=7, acts_for=[1, 2], user_of=[1]))


@pytest.mark.parametrize(
    ("standing", "matches"),
    [
        (Standing(person=8, acts_for=[2, 4], administers=[2]), True),
        (Standing(person=8, acts_for=[2, 3, 4], administers=[2]), True),
        (Standing(person=8, acts_for=[2, 3], administers=[2], manages=[2]), True),
        (Standing(person=8, acts_for=[2, 3], administers=[2, 3]), False),
        (Standing(person=8, acts_for=[2], administers=[2]), False),
        (Standing(person=8, acts_for=[2, 3], administers=[2], user_of=[2]), False),
        (Standing(person=8, acts_for=[2, 3], user_of=[2]), False),
    ],
    ids=[
        "other values",
        "several others",
        "a fact that isn't named",
        "several for one",
        "one for several",
        "a fact more",
        "a fact less",
    ],
)
def test_a_statement_matches_standings_with_as_many_keys_of_its_facts(standing: Standing, *, matches: bool):
    _, facts = bind_facts("o.id = any(:acts_for) or o.id = any(:administers) or o.id = any(:user_of)", ADMINISTRATOR)

    assert facts.matches(standing) is matches
    if matches:
        assert facts.values(standing) == [standing.acts_for, standing.administers[0]]
