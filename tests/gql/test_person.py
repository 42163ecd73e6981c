"""Finding and adding people through the API, which never returns a national register number."""

import json
import logging
from typing import Any

import pytest

from domain.models import AuditEntry, User
from domain.rate_limit import PER_MANAGER
from gql.reading.ids import global_id, key_of
from identity.claims import PersonClaims
from identity.people import get_or_create_user
from tests import rows
from tests.access_cast import Cast, a_cast
from tests.gql.execution import execute_operation, read
from tests.rows.registers import a_registered_person
from tests.table_contents import read_tables

pytestmark = pytest.mark.usefixtures("registers")
NUMBER = "85073003328"
LOOK_UP = """mutation ($input: LookUpPersonInput!) { lookUpPerson(input: $input) {
  person { givenName familyName birthDate maskedNationalNumber user { id } } errors { code refusal message path } } }"""
ADD = """mutation ($input: AddPersonInput!) { addPerson(input: $input) {
  user { id givenName familyName birthDate maskedNationalNumber language } errors { code refusal message path } } }"""
SET_LANGUAGE = (
    "mutation ($input: SetLanguageInput!) { setLanguage(input: $input) { user { language } errors { code } } }"
)


@pytest.fixture
async def cast(registers: None) -> Cast:
    del registers
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")
    return await a_cast()


def notations(number: str) -> list[str]:
    """A national number as a whole, in other notations and in part."""
    return [number, f"{number[:6]}-{number[6:9]}.{number[9:]}", "85.07.30-033.28", number[:9], number[2:]]


async def test_a_person_is_looked_up_and_added(cast: Cast):
    manager, organisation = cast.actors["manager"], {"organisationId": global_id("Organisation", cast.organisation.id)}
    expected = {
        "givenName": "An",
        "familyName": "Peeters",
        "birthDate": "1985-07-30",
        "maskedNationalNumber": "85.07.30-***.**",
    }

    looked_up = await read(manager, LOOK_UP, input=organisation | {"nationalNumber": "85.07.30-033.28"})
    assert looked_up["lookUpPerson"] == {"person": expected | {"user": None}, "errors": []}
    added = await read(manager, ADD, input=organisation | {"nationalNumber": NUMBER, "language": "FR"})
    user = added["addPerson"]["user"]
    assert user == expected | {"id": user["id"], "language": "FR"}
    looked_up_again = await read(manager, LOOK_UP, input=organisation | {"nationalNumber": NUMBER})
    assert looked_up_again["lookUpPerson"]["person"]["user"] == {"id": user["id"]}


async def test_looking_up_and_adding_does_not_reveal_whether_a_person_is_known_elsewhere(cast: Cast):
    manager, organisation = cast.actors["manager"], {"organisationId": global_id("Organisation", cast.organisation.id)}
    known_number = rows.a_national_number()
    await a_registered_person(known_number, given_name="An", family_name="Peeters")
    known = await rows.a_user(national_number=known_number, language="DE", subject="vo-1")
    await rows.a_right(await rows.a_work_relation(known, email="an@elders.example"))
    for language in (None, "FR"):
        outcomes = []
        for number in (NUMBER, known_number):
            mutation_input = organisation | {"nationalNumber": number}
            previewed = (await read(manager, LOOK_UP, input=mutation_input))["lookUpPerson"]["person"]
            added = (await read(manager, ADD, input=mutation_input | {"language": language}))["addPerson"]["user"]
            masked = f"{number[:2]}.{number[2:4]}.{number[4:6]}-***.**"
            assert {previewed["maskedNationalNumber"], added["maskedNationalNumber"]} == {masked}
            outcomes.append(
                (previewed["givenName"], previewed["user"] and "known", added["givenName"], added["language"])
            )
        assert outcomes[0] == outcomes[1]
        assert outcomes[0][3] == language
    # The language set elsewhere is kept, and shown only to organisations for which the person works.
    assert (await User.get(id=known.id)).language == "DE"
    await rows.a_work_relation(known, cast.organisation)
    assert (await read(manager, ADD, input=mutation_input))["addPerson"]["user"]["language"] == "DE"


async def test_the_keys_of_people_do_not_reveal_who_was_known_first(cast: Cast):
    manager, organisation = cast.actors["manager"], {"organisationId": global_id("Organisation", cast.organisation.id)}
    keys = []
    for index in range(12):
        number = rows.a_national_number()
        if index % 2:
            await get_or_create_user(PersonClaims(number, f"vo-{index}", "Jo", "Maes"))
        await a_registered_person(number)
        added = (await read(manager, ADD, input=organisation | {"nationalNumber": number}))["addPerson"]["user"]
        keys.append(key_of("User", added["id"]) or 0)
    assert all(2**52 <= key < 2**53 for key in keys)
    assert len(set(keys)) == len(keys)
    assert keys != sorted(keys)


async def test_one_lookup_beyond_the_limit_is_refused_without_affecting_the_fields_beside_it(cast: Cast):
    manager = cast.actors["manager"]
    entry = {"organisation_id": cast.organisation.id, "actor_id": manager.user_id, "subject_type": "Organisation"}
    await AuditEntry.bulk_create(
        [AuditEntry(**entry, action="PERSON_LOOKED_UP", subject_id=1) for _ in range(PER_MANAGER.maximum - 1)]
    )
    mutation_input = {"organisationId": global_id("Organisation", cast.organisation.id), "nationalNumber": NUMBER}
    lookup = "lookUpPerson(input: $input) { person { givenName } errors { code refusal message path } }"
    addition = "addPerson(input: $added) { user { familyName } }"
    fields = f"first: {lookup} second: {lookup} {addition}"
    document = f"mutation ($input: LookUpPersonInput!, $added: AddPersonInput!) {{ {fields} }}"
    result = await execute_operation(manager, document, input=mutation_input, added=mutation_input)

    message = "This is possible at most 30 times in 1 h. Try again in 60 min."
    refusal = {"code": "UNAVAILABLE", "refusal": "RATE_LIMITED", "message": message, "path": None}
    assert result.data == {
        "first": {"person": {"givenName": "An"}, "errors": []},
        "second": {"person": None, "errors": [refusal]},
        "addPerson": {"user": {"familyName": "Peeters"}},
    }
    [error] = result.errors
    assert error["path"] == ["second", "person"]
    assert error["message"] == message
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert 3590 < error["extensions"]["retryAfter"] <= 3600
    assert await AuditEntry.filter(action="PERSON_LOOKED_UP").count() == PER_MANAGER.maximum


INVALID_OPERATIONS: list[tuple[str, dict[str, Any]]] = [
    (LOOK_UP, {"input": {"nationalNumber": value, **rest}})
    for value in (NUMBER, int(NUMBER), float(NUMBER), [NUMBER], {"number": NUMBER}, [int(NUMBER)], True)
    for rest in ({}, {"organisationId": "T3JnYW5pc2F0aW9uOjE="}, {"organisationId": "x", "other": NUMBER})
] + [
    (LOOK_UP, {"input": NUMBER}),
    (LOOK_UP, {"input": {"organisationId": NUMBER, "nationalNumber": "85.07.30-033.28"}}),
    (LOOK_UP, {"input": {"organisationId": {"x": NUMBER}, "nationalNumber": "85.07.30-033.28"}}),
    (LOOK_UP, {"input": {NUMBER: 1}}),
    (ADD, {"input": {"organisationId": "x", "nationalNumber": NUMBER, "language": NUMBER}}),
    (ADD, {"input": {"organisationId": "x", "nationalNumber": "85073003329"}}),
    (SET_LANGUAGE, {"input": {"language": "85.07.30-033.28"}}),
    *(
        (f"mutation {{ lookUpPerson(input: {literal}) {{ errors {{ message }} }} }}", {})
        for literal in (
            f"{{nationalNumber: {NUMBER}}}",
            f'{{nationalNumber: "{NUMBER}"}}',
            f'{{nationalNumber: {NUMBER}, organisationId: "x"}}',
            f'{{nationalNumber: {NUMBER}.5, organisationId: "x"}}',
            f'{{nationalNumber: "{NUMBER}", organisationId: "x", other: 1}}',
            f'{{nationalNumber: ["{NUMBER}"], organisationId: "x"}}',
            f'{{nationalNumber: "x", organisationId: {NUMBER}.0}}',
            f'"{NUMBER}"',
            f"{NUMBER}",
            f"{NUMBER}x",
            f'"""{NUMBER}""" {NUMBER}',
            f"{{nationalNumber: n{NUMBER}}}",
            "{nationalNumber: 850730 03328}",
        )
    ),
    (f"mutation {{ n{NUMBER} }}", {}),
    (f"query ($n{NUMBER}: Int!) {{ themes {{ code }} }}", {}),
]


@pytest.mark.parametrize(("document", "variables"), INVALID_OPERATIONS)
async def test_no_error_contains_a_national_number(
    cast: Cast,
    document: str,
    variables: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    caplog.set_level(logging.DEBUG)
    result = await execute_operation(cast.actors["manager"], document, **variables)
    captured = capfd.readouterr()
    output = json.dumps([result.data, result.errors], ensure_ascii=False) + caplog.text + captured.out + captured.err
    assert "INTERNAL" not in result.codes
    for number in (NUMBER, "85073003329"):
        assert [notation for notation in notations(number) if notation in output] == []


async def test_national_numbers_are_in_no_table_and_no_log(
    cast: Cast, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    mutation_input = {"organisationId": global_id("Organisation", cast.organisation.id), "nationalNumber": NUMBER}
    results = [
        await execute_operation(cast.actors[who], document, input=mutation_input)
        for who in cast.actors
        for document in (LOOK_UP, ADD)
    ]
    unknown = rows.a_national_number()
    results.append(
        await execute_operation(cast.actors["manager"], LOOK_UP, input=mutation_input | {"nationalNumber": unknown})
    )
    captured = capfd.readouterr()
    output = (
        json.dumps([[result.data, result.errors] for result in results]) + caplog.text + captured.out + captured.err
    )
    tables = json.dumps(await read_tables())
    for number in (NUMBER, unknown):
        assert number not in output
        assert number not in tables
        assert number.encode().hex() not in tables
