"""From its third request on, an operation takes the fast path, with the response of the ordinary path."""

from typing import Any

import orjson
import pytest

from domain.actor import OPERATOR, Actor
from domain.models import DocumentLevel, WorkRelation
from domain.rules.trusted_document import forget_documents, register_documents
from gql.context import Context
from gql.documents.digest import digest_of
from gql.errors import format_error
from gql.limits.allowance import PERSON
from gql.operations.operation_cache import OperationRequest
from gql.reading.ids import global_id
from gql.schema import engine, fast_path, schema
from gql.shared_state import SharedState
from tests import rows
from tests.conftest import Environment
from tests.gql.execution import REQUEST_ID, machine, person
from tests.gql.reading.engine_execution import break_plans, enabled_engine
from tests.gql.shared_state import shared_state
from tests.recorded_calls import recorded_calls

__all__ = ["enabled_engine", "shared_state"]
pytestmark = pytest.mark.usefixtures("database", "enabled_engine")
CONTRACTS = """query Contracts($id: ID!, $first: Int, $with: Boolean = true) { node(id: $id) { ... on Organisation {
  contracts(first: $first) @include(if: $with) { edges { node { title } } } } } }"""


@pytest.fixture
async def user() -> WorkRelation:
    """The work relation of a USER whom a group gives one contract."""
    organisation = await rows.an_organisation()
    relation = await rows.a_person_with_right(organisation)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.READ})
    await rows.a_membership(group, relation)
    await rows.a_link(await rows.a_contract(organisation, title="Brug"), group)
    return relation


def organisation_variables(user: WorkRelation, **others: Any) -> dict[str, Any]:
    """Variables with the id of the user's organisation."""
    return {"id": global_id("Organisation", user.organisation_id), **others}


def context(actor: Actor, shared: SharedState | None = None) -> Context:
    return Context(actor=actor, language="nl", request_id=REQUEST_ID, shared=shared)


async def execute(
    actor: Actor, text: str | None, *, shared: SharedState | None = None, extensions: Any = None, **variables: Any
) -> dict[str, Any]:
    """The data, the messages of the errors, and the extensions of the response."""
    result = await schema.execute(
        text,
        variable_values=variables,
        context_value=context(actor, shared),
        operation_extensions=extensions,
    )
    response = {
        "data": result.data,
        "errors": [format_error(error, REQUEST_ID, "en")["message"] for error in result.errors or ()],
        **(result.extensions or {}),
    }
    body: dict[str, Any] = orjson.loads(orjson.dumps(response))
    return body


async def takes_fast_path(actor: Actor, text: str, **variables: Any) -> bool:
    """Does the operation take the fast path by now?"""
    return await fast_path.execute(OperationRequest(text, None, variables, None), context(actor)) is not None


async def test_the_fast_path_gives_the_response_of_the_ordinary_path(user: WorkRelation):
    actor, variables = person(user.user_id), organisation_variables(user, first=10)

    responses = [await execute(actor, CONTRACTS, **variables) for _ in range(3)]

    assert await takes_fast_path(actor, CONTRACTS, **variables)
    assert responses == [responses[0]] * 3
    assert responses[0]["data"]["node"] == {"contracts": {"edges": [{"node": {"title": "Brug"}}]}}
    assert responses[0]["cost"] == {"asked": 11, "allowed": 250_000}


async def test_the_cost_on_the_fast_path_is_that_of_the_variables(user: WorkRelation):
    actor, variables = person(user.user_id), organisation_variables(user)
    for _ in range(2):
        await execute(actor, CONTRACTS, **variables)

    costs = [
        (await execute(actor, CONTRACTS, **variables, **others))["cost"]["asked"]
        for others in ({}, {"first": 7}, {"first": None}, {"first": 1, "with": True}, {"first": 1, "with": False})
    ]

    assert await takes_fast_path(actor, CONTRACTS, **variables)
    assert costs == [51, 8, 51, 2, 1]


async def test_every_response_of_the_fast_path_is_charged_to_the_budget(user: WorkRelation, shared_state: SharedState):
    actor, variables = person(user.user_id), organisation_variables(user, first=9)
    allowed = PERSON.objects_per_minute
    await shared_state.budget.spend(f"person:{user.user_id}", allowed - 40, allowed)

    responses = [await execute(actor, CONTRACTS, shared=shared_state, **variables) for _ in range(5)]

    assert [response["errors"] == [] for response in responses] == [True] * 4 + [False]
    assert "too little of that is left for the 10 of this operation" in responses[4]["errors"][0]


async def test_variables_over_the_limits_are_refused_on_the_fast_path(user: WorkRelation):
    text = """query($id: ID!, $a: Int, $b: Int) { node(id: $id) { ... on Organisation { contracts(first: $a) { edges {
      node { groupLinks { memberships(first: $b) { edges {
        node { workRelation { memberships { edges { cursor } } } } } } } } } } } } }"""
    actor, variables = person(user.user_id), organisation_variables(user)
    for _ in range(3):
        await execute(actor, text, **variables, a=1, b=1)

    large = await execute(actor, text, **variables, a=100, b=100)
    long_list = await execute(actor, text, **variables, a=[1] * 1_001)

    cost = 1 + 100 * (1 + 20 * (1 + 100 * (1 + 50)))
    too_expensive = f"The operation has {cost:,} objects to read; at most 250,000 are allowed. Ask for smaller pages."
    too_many_items = "The operation has 1,001 items in a list; at most 1,000 are allowed. Give less at once in `a`."
    assert (large["errors"], long_list["errors"]) == ([too_expensive], [too_many_items])
    assert await takes_fast_path(actor, text, **variables, a=1, b=1)


async def test_the_limits_of_a_machine_client_do_not_apply_to_a_person(user: WorkRelation):
    authority = await rows.an_authority()
    aliased = "{ " + " ".join(f"a{n}: themes {{ code }}" for n in range(9))
    aliased += " viewer { " + " ".join(f"b{n}: __typename" for n in range(31)) + " } }"

    responses = [await execute(machine(authority), aliased) for _ in range(3)]
    refused = await execute(person(user.user_id), aliased)

    assert [response["errors"] for response in responses] == [[]] * 3
    assert await takes_fast_path(machine(authority), aliased)
    assert refused["errors"] == ["The operation has 40 aliases; at most 30 are allowed. Ask in several requests."]


async def test_a_forgotten_document_is_refused_on_the_fast_path(user: WorkRelation, environment: Environment):
    environment.set(TRUSTED_DOCUMENTS_ONLY="true")
    actor, variables = person(user.user_id), organisation_variables(user)
    by_digest = {"documentId": f"sha256:{digest_of(CONTRACTS)}"}
    await register_documents(actor=OPERATOR, documents={digest_of(CONTRACTS): CONTRACTS})

    responses = [await execute(actor, None, extensions=by_digest, **variables) for _ in range(3)]
    took_fast_path = await takes_fast_path(actor, CONTRACTS, **variables)
    await forget_documents(actor=OPERATOR, digests=[digest_of(CONTRACTS)])
    responses_after = [
        await execute(actor, None, extensions=by_digest, **variables),
        await execute(actor, CONTRACTS, **variables),
    ]

    assert took_fast_path
    assert [response["errors"] for response in responses] == [[]] * 3
    assert [response["errors"] for response in responses_after] == [
        ["PersistedQueryNotFound"],
        ["Only registered documents are answered here. Ask the operator to register this one."],
    ]


async def test_a_plan_that_fails_is_charged_once_and_the_executor_answers(
    user: WorkRelation, shared_state: SharedState
):
    text = CONTRACTS.replace("Contracts", "Failing")
    actor, variables = person(user.user_id), organisation_variables(user, first=9)
    expected = [await execute(actor, text, **variables) for _ in range(3)][-1]
    allowed = PERSON.objects_per_minute
    await shared_state.budget.spend(f"person:{user.user_id}", allowed - 15, allowed)

    break_plans(engine, text)
    response = await execute(actor, text, shared=shared_state, extensions={"reading": True}, **variables)

    assert response.pop("reading") == {"fallback": "failed: DivisionByZeroError"}
    assert response == expected
    assert (await shared_state.budget.spend(f"person:{user.user_id}", 5, allowed)).granted


async def test_a_spent_budget_is_charged_once_for_a_refused_operation(user: WorkRelation, shared_state: SharedState):
    text = CONTRACTS.replace("Contracts", "Refused")
    actor, variables = person(user.user_id), organisation_variables(user, first=9)
    ordinary_cost = [await execute(actor, text, **variables) for _ in range(3)][-1]["cost"]
    allowed = PERSON.objects_per_minute
    await shared_state.budget.spend(f"person:{user.user_id}", allowed - 5, allowed)

    with recorded_calls(shared_state.budget, "spend") as spend_calls:
        refused = await execute(actor, text, shared=shared_state, **variables)

    assert spend_calls == [(f"person:{user.user_id}", 10, allowed)]
    assert refused["data"] is None
    assert refused["cost"] == ordinary_cost
    assert "too little of that is left for the 10 of this operation" in refused["errors"][0]
