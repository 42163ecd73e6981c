"""The limits on the size of variables."""

from typing import Any

import pytest

from gql.errors import fault_message
from gql.limits.allowance import PERSON
from gql.limits.faults import TooExpensive
from gql.limits.variables import check_variables
from tests.gql.http_client import browser, only_error


def nested(levels: int) -> Any:
    """A variable of so many levels, which alternate between inputs and lists."""
    value: Any = "a"
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


@pytest.mark.parametrize(
    "variables",
    [
        {"ids": ["a"] * 1_000},
        {"a": [{"b": ["c"] * 1_000}] * 5},
        {"input": {f"a{number}": 1 for number in range(100)}},
        {"input": {"a" * 100: "b" * 50_000}},
        nested(20),
        {},
        None,
    ],
)
def test_variables_within_the_limits_are_allowed(variables: Any):
    check_variables(variables, PERSON)


@pytest.mark.parametrize(
    ("variables", "count", "allowed", "unit", "path"),
    [
        ({"ids": ["a"] * 1_001}, 1_001, 1_000, "items in a list", "ids"),
        ({"a": [{"b": 1}, {"b": [["c"] * 1_001]}]}, 1_001, 1_000, "items in a list", "a.1.b.0"),
        ({f"a{number}": 1 for number in range(101)}, 101, 100, "names in an input", "variables"),
        ({"input": {"a" * 101: 1}}, 101, 100, "characters in a name", "input"),
        ({"input": {"texts": ["b" * 50_001]}}, 50_001, 50_000, "characters in a text", "input.texts.0"),
        (nested(21), 21, 20, "levels in the variables", f"a{'.0.a' * 10}"),
    ],
)
def test_variables_over_a_limit_are_refused_with_the_limit_and_the_path(
    variables: Any, count: int, allowed: int, unit: str, path: str
):
    with pytest.raises(TooExpensive) as refusal:
        check_variables(variables, PERSON)

    assert (refusal.value.extension_values["asked"], refusal.value.extension_values["allowed"]) == (count, allowed)
    assert fault_message(refusal.value, "en") == (
        f"The operation has {count:,} {unit}; at most {allowed:,} are allowed. Give less at once in `{path}`."
    )


@pytest.mark.usefixtures("database")
async def test_an_input_of_60_000_unknown_names_is_refused_at_once():
    """To look up each of them among the known names for a suggestion would take minutes."""
    body = {
        "query": "mutation($input: SetLanguageInput!) { setLanguage(input: $input) { errors { code } } }",
        "variables": {"input": {f"a{number}": 1 for number in range(60_000)}},
    }
    async with browser() as client:
        response = await client.post("/graphql", json=body)

    assert only_error(response)["extensions"] | {"requestId": ""} == {
        "code": "TOO_EXPENSIVE",
        "requestId": "",
        "asked": 60_000,
        "allowed": 100,
    }
