"""What a statement says to people with few facts."""

import pytest

from domain.standing import Standing
from gql.reading.facts import with_facts

ADMINISTRATOR = Standing(person=7, acts=[1, 2], administers=[1])


@pytest.mark.parametrize(
    ("text", "told", "given"),
    [
        ("o.id = any(:acts) or o.id = any(:uses)", "o.id = any($1::bigint[]) or false", ("acts",)),
        ('"o"."id" = any(:uses)', "false", ()),
        ("o.id = :authority or o.user_id = :person", "false or o.user_id = $1::bigint", ("person",)),
        # What stands before a cast is no column.
        ("«3»::bigint = any(:uses)", "«3»::bigint = any('{}'::bigint[])", ()),
        (
            "cardinality(:acts) > cardinality(:uses)",
            "cardinality($1::bigint[]) > cardinality('{}'::bigint[])",
            ("acts",),
        ),
        ("cardinality(:acts) > 0", "cardinality($1::bigint[]) > 0", ("acts",)),
        ("a = :person or b = :person", "a = $1::bigint or b = $1::bigint", ("person",)),
        ("'x'::person", "'x'::person", ()),
        ("o.id is not distinct from :session", "o.id is not distinct from null::bigint", ()),
        (
            "o.user_id = :person or exists (select from membership m where m.work_relation_id = any(:engaged))",
            "o.user_id = $1::bigint or false",
            ("person",),
        ),
    ],
)
def test_what_an_asker_lacks_is_left_out(text: str, told: str, given: tuple[str, ...]):
    written, facts = with_facts(text, ADMINISTRATOR)

    assert (written, facts.given) == (told, given)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("o.id = any(:administers)", "o.id = $1::bigint"),
        ("«3»::bigint = any(:administers)", "«3»::bigint = $1::bigint"),
        ("unnest(:administers)", "unnest(array[$1::bigint])"),
        ("cardinality(:administers) > 0 and o.id = any(:administers)", "true and o.id = $1::bigint"),
    ],
)
def test_a_single_key_is_said_as_a_key(text: str, told: str):
    written, facts = with_facts(text, ADMINISTRATOR)

    assert written == told
    assert facts.values(ADMINISTRATOR) == ([1] if "$1" in told else [])


@pytest.mark.parametrize(
    ("standing", "fits"),
    [
        (Standing(person=8, acts=[2, 4], administers=[2]), True),
        (Standing(person=8, acts=[2, 3, 4], administers=[2]), True),
        (Standing(person=8, acts=[2, 3], administers=[2], manages=[2]), True),
        (Standing(person=8, acts=[2, 3], administers=[2, 3]), False),
        (Standing(person=8, acts=[2], administers=[2]), False),
        (Standing(person=8, acts=[2, 3], administers=[2], uses=[2]), False),
        (Standing(person=8, acts=[2, 3], uses=[2]), False),
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
def test_a_statement_fits_whoever_has_as_many_of_the_facts_that_it_names(standing: Standing, *, fits: bool):
    _, facts = with_facts("o.id = any(:acts) or o.id = any(:administers) or o.id = any(:uses)", ADMINISTRATOR)

    assert facts.fit(standing) is fits
    if fits:
        assert facts.values(standing) == [standing.administers[0], standing.acts]
