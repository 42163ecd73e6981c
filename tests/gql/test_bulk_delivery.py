"""An authority's system that puts a hundred deliveries into one request."""

from collections import Counter
from typing import Any

import pytest

from domain.actor import Actor
from domain.models import Action, Contract, Document, Message, Notification, Organisation
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import OperationResult, execute_operation, machine
from tests.owner import as_owner

pytestmark = pytest.mark.usefixtures("database", "registers")

MOST = 11
"""Statements that one delivery may take, its answer included."""

SENT = {
    "deliverDocument": 'themeCode: "INVOICING", title: "Vorderingsstaat"',
    "deliverMessage": 'subject: "Werfvergadering", body: "Maandag om 9 uur."',
    "openAction": 'title: "Bezorg de borgtocht"',
}
FAILING = """
create function fail() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
create trigger fail before insert on message for each row execute function fail();
"""


def field(name: str, kind: str, contract: Contract | int, external_id: str, given: str | None = None) -> str:
    key = global_id("Contract", contract if isinstance(contract, int) else contract.id)
    given = f'externalId: "{external_id}", contractId: "{key}", {given or SENT[kind]}'
    return f"{name}: {kind}(input: {{{given}}}) {{ __typename errors {{ code path }} }}"


async def send(system: Actor, fields: list[str]) -> OperationResult:
    return await execute_operation(system, "mutation { " + " ".join(fields) + " }")


async def an_authority_and_its_contract() -> tuple[Actor, Contract]:
    contract = await rows.a_contract()
    return machine(await Organisation.get(id=contract.contracting_authority_id)), contract


def many(contract: Contract, number: int, of: str) -> list[str]:
    kinds = list(SENT)
    return [field(f"f{place}", kinds[place % 3], contract, f"{of}-{place}") for place in range(number)]


async def test_a_hundred_deliveries_are_answered_each_at_a_bounded_number_of_statements():
    system, contract = await an_authority_and_its_contract()

    few, all_of_them = [await send(system, many(contract, number, str(number))) for number in (9, 99)]

    for answer, number in ((few, 9), (all_of_them, 99)):
        assert answer.errors == []
        assert [payload["errors"] for payload in answer.data.values()] == [[]] * number
        assert len(answer.statements) <= MOST * number
    assert len(all_of_them.statements) == 11 * len(few.statements)
    assert [await kind.all().count() for kind in (Document, Message, Action)] == [36, 36, 36]
    assert await Notification.all().count() == 72


@pytest.mark.parametrize("kind", SENT)
async def test_one_delivery_takes_as_many_statements_among_a_hundred_as_alone(kind: str):
    system, contract = await an_authority_and_its_contract()
    await send(system, [field("first", kind, contract, "first")])

    alone = await send(system, [field("alone", kind, contract, "alone")])
    among = await send(system, [field(f"f{place}", kind, contract, f"among-{place}") for place in range(100)])

    assert Counter(among.statements) == Counter(
        {text: 100 * often for text, often in Counter(alone.statements).items()}
    )


async def test_what_is_refused_or_fails_leaves_the_others_as_they_are():
    system, contract = await an_authority_and_its_contract()
    ended = await rows.a_contract(
        contracting_authority=await contract.contracting_authority, ended_at=await rows.now(), end_reason="Opgeleverd"
    )
    stranger = await rows.a_contract()
    await as_owner(FAILING)

    answer = await send(
        system,
        [
            field("before", "deliverDocument", contract, "1"),
            field("stranger", "deliverDocument", stranger, "2"),
            field("ended", "openAction", ended, "3"),
            field("theme", "deliverDocument", contract, "4", 'themeCode: "NOPE", title: " "'),
            field("ours", "deliverMessage", contract, "5"),
            field("conflict", "deliverDocument", contract, "1", 'themeCode: "INVOICING", title: "Iets anders"'),
            field("repeat", "deliverDocument", contract, "1"),
            field("after", "openAction", contract, "6"),
        ],
    )

    assert answer.errors == []
    assert {name: codes(payload) for name, payload in answer.data.items()} == {
        "before": [],
        "stranger": [("NOT_FOUND", ["contractId"])],
        "ended": [("CONFLICT", ["contractId"])],
        "theme": [("REQUIRED", ["title"]), ("INVALID", ["themeCode"])],
        "ours": [("UNAVAILABLE", None)],
        "conflict": [("CONFLICT", ["externalId"])],
        "repeat": [],
        "after": [],
    }
    assert [await kind.all().count() for kind in (Document, Message, Action)] == [1, 0, 1]


def codes(payload: Any) -> list[tuple[str, list[str] | None]]:
    return [(error["code"], error["path"]) for error in payload["errors"]]


async def test_more_than_a_hundred_are_refused_whole():
    system, contract = await an_authority_and_its_contract()

    answer = await send(system, many(contract, 101, "too-many"))

    assert (answer.data, answer.codes) == (None, ["TOO_EXPENSIVE"])
    assert await Document.all().count() == 0
