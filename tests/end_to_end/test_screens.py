"""Every example operation of the API, for every visitor, with the values that the API offers them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from graphql import parse
from graphql.language import NonNullTypeNode, OperationDefinitionNode, OperationType

from tests.end_to_end.conftest import SignIn
from tests.end_to_end.people import PERSONAS, Json, Visitor

CONCURRENT_VISITORS = 4
BUSIEST = ("admin", "legal", "sender", "drafter")


@pytest.fixture
def visitors(sign_in: SignIn, machine: Visitor) -> dict[str, Visitor]:
    """Every visitor of the demo; those with the most examples first."""
    return {"machine": machine} | {persona: sign_in(persona) for persona in dict.fromkeys((*BUSIEST, *PERSONAS))}


def operation(example: Json) -> OperationDefinitionNode:
    """The first definition of the example's document, which is the operation."""
    definition = parse(example["document"]).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    return definition


def missing_values(example: Json) -> set[str]:
    """The required variables without a value."""
    required = {
        definition.variable.name.value
        for definition in operation(example).variable_definitions or ()
        if isinstance(definition.type, NonNullTypeNode) and definition.default_value is None
    }
    return required - set(example["variables"])


def of_kind(visitor: Visitor, kind: OperationType) -> Iterator[Json]:
    """The examples of a kind of operation; each must have its required variables."""
    for example in visitor.examples().values():
        if operation(example).operation is kind:
            assert missing_values(example) == set(), example["name"]
            yield example


def data_of(visitor: Visitor, example: Json) -> Json:
    """Executes an example, which must have no errors; returns its data."""
    body = visitor.post(example["document"], example["variables"])
    assert "errors" not in body, (example["name"], body["errors"])
    data: Json = body["data"]
    return data


def test_every_query_has_no_errors_for_any_visitor_and_data_for_some_visitor(visitors: dict[str, Visitor]) -> None:
    with ThreadPoolExecutor(CONCURRENT_VISITORS) as pool:
        results = [pair for pairs in pool.map(run_all_queries, visitors.values()) for pair in pairs]

    with_data = {name for name, data in results if None not in data.values()}
    assert {name for name, _data in results} - with_data == set()


def run_all_queries(visitor: Visitor) -> list[tuple[str, Json]]:
    """The name and data of each example query."""
    return [(example["name"], data_of(visitor, example)) for example in of_kind(visitor, OperationType.QUERY)]


@pytest.mark.usefixtures("last_test_of_demo")
def test_every_mutation_succeeds_for_some_visitor_and_never_fails_unexpectedly(
    visitors: dict[str, Visitor], sign_in: SignIn
) -> None:
    # With a second session, the administrator can end one and continue with the other.
    sign_in("admin")
    names = [example["name"] for example in of_kind(visitors["admin"], OperationType.MUTATION)]
    assert [name for name in names if not succeeds_for_some_visitor(visitors, name)] == []
    # Some visitors have lost their last right and their session by now; more will, once all mutations run.
    signed_in_again = [visitor if key == "machine" else sign_in(key) for key, visitor in visitors.items()]
    pairs = [(visitor, list(of_kind(visitor, OperationType.MUTATION))) for visitor in signed_in_again]
    with ThreadPoolExecutor(CONCURRENT_VISITORS) as pool:
        assert all(pool.map(run_all_mutations, pairs))


def run_all_mutations(pair: tuple[Visitor, list[Json]]) -> bool:
    """Executes each example, whatever its refusals are; returns whether there was any."""
    visitor, examples = pair
    return [refusals(visitor, example) for example in examples] != []


def succeeds_for_some_visitor(visitors: dict[str, Visitor], name: str) -> bool:
    """Whether the example, as the API offers it, succeeds for at least one visitor."""
    return any(refusals(visitor, visitor.examples()[name]) == set() for visitor in visitors.values())


def refusals(visitor: Visitor, example: Json) -> set[str]:
    """Executes an example; returns the names of its refusals. An unexpected error fails the test."""
    body = visitor.post(example["document"], example["variables"])
    if [error["extensions"]["code"] for error in body.get("errors", ())] == ["UNAUTHENTICATED"]:
        return {"UNAUTHENTICATED"}
    assert "errors" not in body, (example["name"], body["errors"])
    [payload] = body["data"].values()
    names = {error["refusal"] for error in payload["errors"]}
    assert "UNEXPECTED" not in names, (example["name"], payload)
    return names
