"""An authority's system that sends a hundred deliveries in one request."""

from collections import Counter
from typing import Any

import pytest

from domain.actor import Actor
from domain.models import Action, Contract, Document, Message, Notification, Organisation
from gql.reading.ids import global_id
from tests import rows
from tests.database_roles import execute_as_owner
from tests.gql.execution import OperationResult, execute_operation, machine

pytestmark = pytest.mark.usefixtures("database", "registers")

MAX_STATEMENTS = 11
"""How many statements one delivery may take, with those of its payload."""

ARGUMENTS = {
    "deliverDocument": 'themeCode: "INVOICING", title: "Vorderingsstaat"',
    "deliverMessage": 'subject: "Werfvergadering", body: "Maandag om 9 uur."',
    "openAction": 'title: "Bezorg de borgtocht"',
}
FAILING = """
create function fail() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
create trigger fail before insert on message for each row execute function fail();
"""


def field(name: str, kind: str, contract: Contract, external_id: str, arguments: str | None = None) -> str:
    """A mutation under an alias."""
    contract_id = global_id("Contract", contract.id)
    mutation_input = f'externalId: "{external_id}", contractId: "{contract_id}", {arguments or ARGUMENTS[kind]}'
    return f"{name}: {kind}(input: {{{mutation_input}}}) {{ __typename errors {{ code path }} }}"


async def send(system: Actor, fields: list[str]) -> OperationResult:
    return await execute_operation(system, "mutation { " + " ".join(fields) + " }")


async def an_authority_and_its_contract() -> tuple[Actor, Contract]:
    contract = await rows.a_contract()
    return machine(await Organisation.get(id=contract.contracting_authority_id)), contract


def deliveries(contract: Contract, count: int, prefix: str) -> list[str]:
    kinds = list(ARGUMENTS)
    return [field(f"f{index}", kinds[index % 3], contract, f"{prefix}-{index}") for index in range(count)]


async def test_the_number_of_statements_per_delivery_is_bounded():
    system, contract = await an_authority_and_its_contract()

    few, many = [await send(system, deliveries(contract, count, str(count))) for count in (9, 99)]

    for result, count in ((few, 9), (many, 99)):
        assert result.errors == []
        assert [payload["errors"] for payload in result.data.values()] == [[]] * count
        assert len(result.statements) <= MAX_STATEMENTS * count
    assert len(many.statements) == 11 * len(few.statements)
    assert [await model.all().count() for model in (Document, Message, Action)] == [36, 36, 36]
    assert await Notification.all().count() == 72


@pytest.mark.parametrize("kind", ARGUMENTS)
async def test_a_delivery_takes_as_many_statements_among_a_hundred_as_alone(kind: str):
    system, contract = await an_authority_and_its_contract()
    await send(system, [field("first", kind, contract, "first")])

    alone = await send(system, [field("alone", kind, contract, "alone")])
    among_others = await send(system, [field(f"f{index}", kind, contract, f"among-{index}") for index in range(100)])

    assert Counter(among_others.statements) == Counter(
        {text: 100 * count for text, count in Counter(alone.statements).items()}
    )


async def test_a_delivery_that_is_refused_or_fails_does_not_affect_the_others():
    system, contract = await an_authority_and_its_contract()
    ended = await rows.a_contract(
        contracting_authority=await contract.contracting_authority, ended_at=await rows.now(), end_reason="Opgeleverd"
    )
    stranger = await rows.a_contract()
    await execute_as_owner(FAILING)

    result = await send(
        system,
        [
            field("before", "deliverDocument", contract, "1"),
            field("stranger", "deliverDocument", stranger, "2"),
            field("ended", "openAction", ended, "3"),
            field("theme", "deliverDocument", contract, "4", 'themeCode: "NOPE", title: " "'),
            field("failing", "deliverMessage", contract, "5"),
            field("conflict", "deliverDocument", contract, "1", 'themeCode: "INVOICING", title: "Iets anders"'),
            field("repeat", "deliverDocument", contract, "1"),
            field("after", "openAction", contract, "6"),
        ],
    )

    assert result.errors == []
    assert {name: codes(payload) for name, payload in result.data.items()} == {
        "before": [],
        "stranger": [("NOT_FOUND", ["contractId"])],
        "ended": [("CONFLICT", ["contractId"])],
        "theme": [("REQUIRED", ["title"]), ("INVALID", ["themeCode"])],
        "failing": [("UNAVAILABLE", None)],
        "conflict": [("CONFLICT", ["externalId"])],
        "repeat": [],
        "after": [],
    }
    assert [await model.all().count() for model in (Document, Message, Action)] == [1, 0, 1]


def codes(payload: Any) -> list[tuple[str, list[str] | None]]:
    return [(error["code"], error["path"]) for error in payload["errors"]]


async def test_more_than_a_hundred_deliveries_are_all_refused():
    system, contract = await an_authority_and_its_contract()

    result = await send(system, deliveries(contract, 101, "too-many"))

    assert (result.data, result.codes) == (None, ["TOO_EXPENSIVE"])
    assert await Document.all().count() == 0
