"""The limits on the shape of a document, measured before it is validated, each definition once."""

import pytest
from graphql import OperationDefinitionNode, parse

from gql.limits.allowance import MACHINE, PERSON, Allowance
from gql.limits.faults import (
    NestingTooDeep,
    TooDeep,
    TooExpensive,
    TooManyAliases,
    TooManyDirectives,
    TooManyDuplicateFields,
    TooManyFields,
    TooManyMutations,
    TooManyRootFields,
)
from gql.limits.shape import check_shape


def check(document: str, allowance: Allowance = PERSON) -> None:
    parsed = parse(document)
    operations = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
    check_shape(parsed, operations[0], allowance)


def nested(depth: int) -> str:
    return "{ a " * depth + "}" * depth


def numbered(count: int, field: str = "a{0}: x") -> str:
    """So many fields, in each of which `{0}` is its number."""
    return " ".join(field.format(number) for number in range(count))


ALLOWED = [
    nested(20),
    "{ b { " + numbered(30) + " } }",
    "{ " + numbered(10, "x{0}") + " }",
    "mutation { " + numbered(5, "x{0}") + " }",
    "{ b { " + numbered(31, "x") + " } }",
    "{ b { " + numbered(50, "x{0} @include(if: true)") + " } }",
    "{ ...F } fragment F on Query { " + numbered(10, "x{0}") + " }",
    # A fragment that spreads itself is refused by validation, later.
    "{ ...F } fragment F on Query { a { ...F } }",
    "{ ...Nowhere }",
]


def fragment_chain(count: int, inner: str = "...F{0}", *, backwards: bool = False) -> str:
    """So many fragments, each of which spreads the next; `{0}` in the selection `inner` is the number of that one."""
    fragments = [f"fragment F{n} on A {{ {inner.format(n + 1)} }}" for n in range(count)]
    fragments.append(f"fragment F{count} on A {{ x }}")
    return " ".join(reversed(fragments) if backwards else fragments)


TOO_MUCH = [
    (nested(21), 21, 20, TooDeep),
    ("{ ...F } fragment F on Query " + nested(21), 21, 20, TooDeep),
    ("{ b { " + numbered(31) + " } }", 31, 30, TooManyAliases),
    ("{ ... on Query { " + numbered(11, "x{0}") + " } }", 11, 10, TooManyRootFields),
    ("{ ...F } fragment F on Query { " + numbered(11, "x{0}") + " }", 11, 10, TooManyRootFields),
    ("mutation { " + numbered(6, "x{0}") + " }", 6, 5, TooManyMutations),
    ("{ b { " + numbered(51, "x{0} @include(if: true)") + " } }", 51, 50, TooManyDirectives),
    ("{ b { " + numbered(32, "x") + " } }", 31, 30, TooManyDuplicateFields),
    ("{ ...F0 } " + fragment_chain(300), 101, 100, NestingTooDeep),
    (
        "{ ...F0 } " + fragment_chain(80, "a {{ b {{ c {{ ...F{0} }} }} }}"),
        101,
        100,
        NestingTooDeep,
    ),
    # No operation spreads them, but validation walks them all the same.
    ("{ x } " + fragment_chain(300), 101, 100, NestingTooDeep),
    ("{ x } " + fragment_chain(300, backwards=True), 101, 100, NestingTooDeep),
]


@pytest.mark.parametrize("document", ALLOWED)
def test_a_shape_within_the_limits_is_allowed(document: str):
    check(document)


@pytest.mark.parametrize(("document", "count", "allowed", "fault"), TOO_MUCH)
def test_a_shape_over_a_limit_is_refused_with_the_limit(
    document: str, count: int, allowed: int, fault: type[TooExpensive]
):
    with pytest.raises(fault) as refusal:
        check(document)

    assert (refusal.value.extension_values["asked"], refusal.value.extension_values["allowed"]) == (count, allowed)


def test_a_machine_client_may_execute_100_mutations_at_once():
    check("mutation { " + numbered(100) + " }", MACHINE)
    with pytest.raises(TooManyMutations, match="101 mutations; at most 100"):
        check("mutation { " + numbered(101, "x{0}") + " }", MACHINE)


def test_fields_count_as_often_as_their_fragment_is_spread():
    """Each of 60 spreads the next twice: 2^60 spreads, measured in sixty steps."""
    chain = " ".join(f"fragment F{n} on A {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))

    with pytest.raises(TooManyFields, match="1000000 fields; at most 5000"):
        check("{ ...F0 } " + chain + " fragment F60 on A { x }")
