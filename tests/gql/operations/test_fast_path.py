"""What is requested for the third time takes the fast path, and is answered as on the ordinary one."""

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
from tests.gql.sharing import shared
from tests.recorded_calls import recorded_calls

__all__ = ["enabled_engine", "shared"]
pytestmark = pytest.mark.usefixtures("database", "enabled_engine")
CONTRACTS = """query Contracts($id: ID!, $first: Int, $with: Boolean = true) { node(id: $id) { ... on Organisation {
  contracts(first: $first) @include(if: $with) { edges { node { title } } } } } }"""


@pytest.fixture
async def user() -> WorkRelation:
    """Of a USER whom a group opens one contract to."""
    organisation = await rows.an_organisation()
    relation = await rows.a_person_with_right(organisation)
    group = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.READ})
    await rows.a_membership(group, relation)
    await rows.a_link(await rows.a_contract(organisation, title="Brug"), group)
    return relation


def about(user: WorkRelation, **more: Any) -> dict[str, Any]:
    """Variables that name the user's organisation."""
    return {"id": global_id("Organisation", user.organisation_id), **more}


def context(actor: Actor, shared: SharedState | None = None) -> Context:
    return Context(actor=actor, language="nl", request_id=REQUEST_ID, shared=shared)


async def answer(
    actor: Actor, text: str | None, *, shared: SharedState | None = None, extensions: Any = None, **variables: Any
) -> dict[str, Any]:
    """The data, the messages of errors, and what is told beside them."""
    result = await schema.execute(
        text,
        variable_values=variables,
        context_value=context(actor, shared),
        operation_extensions=extensions,
    )
    told = {
        "data": result.data,
        "errors": [format_error(error, REQUEST_ID, "en")["message"] for error in result.errors or ()],
        **(result.extensions or {}),
    }
    body: dict[str, Any] = orjson.loads(orjson.dumps(told))
    return body


async def takes_fast_path(actor: Actor, text: str, **variables: Any) -> bool:
    return await fast_path.execute(OperationRequest(text, None, variables, None), context(actor)) is not None


async def test_the_third_answer_is_the_first(user: WorkRelation):
    asker, asked = person(user.user_id), about(user, first=10)

    answers = [await answer(asker, CONTRACTS, **asked) for _ in range(3)]

    assert await takes_fast_path(asker, CONTRACTS, **asked)
    assert answers == [answers[0]] * 3
    assert answers[0]["data"]["node"] == {"contracts": {"edges": [{"node": {"title": "Brug"}}]}}
    assert answers[0]["cost"] == {"asked": 11, "allowed": 250_000}


async def test_other_variables_cost_what_they_cost(user: WorkRelation):
    asker, asked = person(user.user_id), about(user)
    for _ in range(2):
        await answer(asker, CONTRACTS, **asked)

    costs = [
        (await answer(asker, CONTRACTS, **asked, **more))["cost"]["asked"]
        for more in ({}, {"first": 7}, {"first": None}, {"first": 1, "with": True}, {"first": 1, "with": False})
    ]

    assert await takes_fast_path(asker, CONTRACTS, **asked)
    assert costs == [51, 8, 51, 2, 1]


async def test_every_answer_is_taken_from_the_budget(user: WorkRelation, shared: SharedState):
    asker, asked = person(user.user_id), about(user, first=9)
    allowed = PERSON.objects_per_minute
    await shared.budget.spend(f"person:{user.user_id}", allowed - 40, allowed)

    answers = [await answer(asker, CONTRACTS, shared=shared, **asked) for _ in range(5)]

    assert [told["errors"] == [] for told in answers] == [True] * 4 + [False]
    assert "too little of that is left for the 10 of this operation" in answers[4]["errors"][0]


async def test_variables_that_ask_for_too_much_are_refused(user: WorkRelation):
    text = """query($id: ID!, $a: Int, $b: Int) { node(id: $id) { ... on Organisation { contracts(first: $a) { edges {
      node { groupLinks { memberships(first: $b) { edges {
        node { workRelation { memberships { edges { cursor } } } } } } } } } } } } }"""
    asker, asked = person(user.user_id), about(user)
    for _ in range(3):
        await answer(asker, text, **asked, a=1, b=1)

    large = await answer(asker, text, **asked, a=100, b=100)
    lengthy = await answer(asker, text, **asked, a=[1] * 1_001)

    objects = 1 + 100 * (1 + 20 * (1 + 100 * (1 + 50)))
    told = f"The operation has {objects:,} objects to read; at most 250,000 are allowed. Ask for smaller pages."
    items = "The operation has 1,001 items in a list; at most 1,000 are allowed. Give less at once in `a`."
    assert (large["errors"], lengthy["errors"]) == ([told], [items])
    assert await takes_fast_path(asker, text, **asked, a=1, b=1)


async def test_what_a_machine_may_ask_is_not_what_a_person_may(user: WorkRelation):
    authority = await rows.an_authority()
    aliased = "{ " + " ".join(f"a{n}: themes {{ code }}" for n in range(9))
    aliased += " viewer { " + " ".join(f"b{n}: __typename" for n in range(31)) + " } }"

    told = [await answer(machine(authority), aliased) for _ in range(3)]
    refused = await answer(person(user.user_id), aliased)

    assert [each["errors"] for each in told] == [[]] * 3
    assert await takes_fast_path(machine(authority), aliased)
    assert refused["errors"] == ["The operation has 40 aliases; at most 30 are allowed. Ask in several requests."]


async def test_documents_are_named_and_forgotten_as_ever(user: WorkRelation, environment: Environment):
    environment.set(TRUSTED_DOCUMENTS_ONLY="true")
    asker, asked = person(user.user_id), about(user)
    named = {"documentId": f"sha256:{digest_of(CONTRACTS)}"}
    await register_documents(actor=OPERATOR, documents={digest_of(CONTRACTS): CONTRACTS})

    answers = [await answer(asker, None, extensions=named, **asked) for _ in range(3)]
    took_fast_path = await takes_fast_path(asker, CONTRACTS, **asked)
    await forget_documents(actor=OPERATOR, digests=[digest_of(CONTRACTS)])
    after = [await answer(asker, None, extensions=named, **asked), await answer(asker, CONTRACTS, **asked)]

    assert took_fast_path
    assert [told["errors"] for told in answers] == [[]] * 3
    assert [told["errors"] for told in after] == [
        ["PersistedQueryNotFound"],
        ["Only registered documents are answered here. Ask the operator to register this one."],
    ]


async def test_a_plan_that_fails_costs_once_and_is_answered_all_the_same(user: WorkRelation, shared: SharedState):
    text = CONTRACTS.replace("Contracts", "Failing")
    asker, asked = person(user.user_id), about(user, first=9)
    before = [await answer(asker, text, **asked) for _ in range(3)][-1]
    allowed = PERSON.objects_per_minute
    await shared.budget.spend(f"person:{user.user_id}", allowed - 15, allowed)

    break_plans(engine, text)
    failed = await answer(asker, text, shared=shared, extensions={"reading": True}, **asked)

    assert failed.pop("reading") == {"fallback": "failed: DivisionByZeroError"}
    assert failed == before
    assert (await shared.budget.spend(f"person:{user.user_id}", 5, allowed)).granted


async def test_a_refusal_counts_once(user: WorkRelation, shared: SharedState):
    text = CONTRACTS.replace("Contracts", "Refused")
    asker, asked = person(user.user_id), about(user, first=9)
    step_by_step = [await answer(asker, text, **asked) for _ in range(3)][-1]["cost"]
    allowed = PERSON.objects_per_minute
    await shared.budget.spend(f"person:{user.user_id}", allowed - 5, allowed)

    with recorded_calls(shared.budget, "spend") as spent:
        refused = await answer(asker, text, shared=shared, **asked)

    assert spent == [(f"person:{user.user_id}", 10, allowed)]
    assert refused["data"] is None
    assert refused["cost"] == step_by_step
    assert "too little of that is left for the 10 of this operation" in refused["errors"][0]
