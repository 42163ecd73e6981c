"""How much variables may hold."""

from typing import Any

import pytest

from gql.errors import fault_message
from gql.limits.allowance import PERSON
from gql.limits.faults import TooExpensive
from gql.limits.variables import check_variables
from tests.gql.http_client import browser, only_error


def nested(levels: int) -> Any:
    given: Any = "a"
    for level in range(levels):
        given = [given] if level % 2 else {"a": given}
    return given


@pytest.mark.parametrize(
    "given",
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
def test_what_is_allowed(given: Any):
    check_variables(given, PERSON)


@pytest.mark.parametrize(
    ("given", "asked", "allowed", "what", "place"),
    [
        ({"ids": ["a"] * 1_001}, 1_001, 1_000, "items in a list", "ids"),
        ({"a": [{"b": 1}, {"b": [["c"] * 1_001]}]}, 1_001, 1_000, "items in a list", "a.1.b.0"),
        ({f"a{number}": 1 for number in range(101)}, 101, 100, "names in an input", "variables"),
        ({"input": {"a" * 101: 1}}, 101, 100, "characters in a name", "input"),
        ({"input": {"texts": ["b" * 50_001]}}, 50_001, 50_000, "characters in a text", "input.texts.0"),
        (nested(21), 21, 20, "levels in the variables", f"a{'.0.a' * 10}"),
    ],
)
def test_what_is_too_much_says_how_much_may_be(given: Any, asked: int, allowed: int, what: str, place: str):
    with pytest.raises(TooExpensive) as refused:
        check_variables(given, PERSON)

    assert (refused.value.extension_values["asked"], refused.value.extension_values["allowed"]) == (asked, allowed)
    assert fault_message(refused.value, "en") == (
        f"The operation has {asked:,} {what}; at most {allowed:,} are allowed. Give less at once in `{place}`."
    )


@pytest.mark.usefixtures("database")
async def test_nobody_keeps_a_process_busy_with_names_that_no_input_has():
    """Looked for one by one among the names that there are, these would take minutes."""
    asked = {
        "query": "mutation($input: SetLanguageInput!) { setLanguage(input: $input) { errors { code } } }",
        "variables": {"input": {f"a{number}": 1 for number in range(60_000)}},
    }
    async with browser() as client:
        response = await client.post("/graphql", json=asked)

    assert only_error(response)["extensions"] | {"requestId": ""} == {
        "code": "TOO_EXPENSIVE",
        "requestId": "",
        "asked": 60_000,
        "allowed": 100,
    }
