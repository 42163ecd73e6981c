"""The shape that a document may have: measured before it is validated, each definition once."""

import pytest
from graphql import OperationDefinitionNode, parse

from gql.limits.allowance import MACHINE, PERSON, Allowance
from gql.limits.faults import TooExpensive, TooManyFields, TooManyMutations
from gql.limits.shape import check_shape


def check(document: str, allowance: Allowance = PERSON) -> None:
    parsed = parse(document)
    operations = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
    check_shape(parsed, operations[0], allowance)


def nested(depth: int) -> str:
    return "{ a " * depth + "}" * depth


def many(count: int, field: str = "a{0}: x") -> str:
    return " ".join(field.format(number) for number in range(count))


ALLOWED = [
    nested(20),
    "{ b { " + many(30) + " } }",
    "{ " + many(10, "x{0}") + " }",
    "mutation { " + many(5, "x{0}") + " }",
    "{ b { " + many(31, "x") + " } }",
    "{ b { " + many(50, "x{0} @include(if: true)") + " } }",
    "{ ...F } fragment F on Query { " + many(10, "x{0}") + " }",
    # A fragment that spreads itself is refused by its right name, later.
    "{ ...F } fragment F on Query { a { ...F } }",
    "{ ...Nowhere }",
]


def chained(count: int, inner: str = "...F{0}", *, backwards: bool = False) -> str:
    """So many fragments, of which each but the last stands in the one before."""
    made = [f"fragment F{n} on A {{ {inner.format(n + 1)} }}" for n in range(count)]
    made.append(f"fragment F{count} on A {{ x }}")
    return " ".join(reversed(made) if backwards else made)


TOO_MUCH = [
    (nested(21), 21, 20, "levels of fields inside fields"),
    ("{ ...F } fragment F on Query " + nested(21), 21, 20, "levels of fields inside fields"),
    ("{ b { " + many(31) + " } }", 31, 30, "aliases"),
    ("{ ... on Query { " + many(11, "x{0}") + " } }", 11, 10, "fields of Query"),
    ("{ ...F } fragment F on Query { " + many(11, "x{0}") + " }", 11, 10, "fields of Query"),
    ("mutation { " + many(6, "x{0}") + " }", 6, 5, "mutations"),
    ("{ b { " + many(51, "x{0} @include(if: true)") + " } }", 51, 50, "directives"),
    ("{ b { " + many(32, "x") + " } }", 31, 30, "repeated fields"),
    ("{ ...F0 } " + chained(300), 101, 100, "fields and fragments inside one another"),
    (
        "{ ...F0 } " + chained(80, "a {{ b {{ c {{ ...F{0} }} }} }}"),
        101,
        100,
        "fields and fragments inside one another",
    ),
    # Nobody asks for them; validation walks them all the same.
    ("{ x } " + chained(300), 101, 100, "fields and fragments inside one another"),
    ("{ x } " + chained(300, backwards=True), 101, 100, "fields and fragments inside one another"),
]


@pytest.mark.parametrize("document", ALLOWED)
def test_what_is_allowed(document: str):
    check(document)


@pytest.mark.parametrize(("document", "asked", "allowed", "what"), TOO_MUCH)
def test_what_is_too_much_says_how_much_may_be(document: str, asked: int, allowed: int, what: str):
    with pytest.raises(TooExpensive) as refused:
        check(document)

    assert (refused.value.extension_values["asked"], refused.value.extension_values["allowed"]) == (asked, allowed)
    assert refused.value.message.startswith(f"The operation has {asked} {what}; at most {allowed} are allowed.")


def test_an_authoritys_system_delivers_in_bulk():
    check("mutation { " + many(100) + " }", MACHINE)
    with pytest.raises(TooManyMutations, match="101 mutations; at most 100"):
        check("mutation { " + many(101, "x{0}") + " }", MACHINE)


def test_fields_count_as_often_as_their_fragment_is_spread():
    """Each spreads the next twice: 2^60 spreads, measured in sixty steps."""
    chain = " ".join(f"fragment F{n} on A {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))

    with pytest.raises(TooManyFields, match="1000000 fields; at most 5000"):
        check("{ ...F0 } " + chain + " fragment F60 on A { x }")
