"""Finding and adding people through the API, which never gives back a national register number."""

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
SET = "mutation ($input: SetLanguageInput!) { setLanguage(input: $input) { user { language } errors { code } } }"


@pytest.fixture
async def cast(registers: None) -> Cast:
    del registers
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")
    return await a_cast()


def written(number: str) -> list[str]:
    return [number, f"{number[:6]}-{number[6:9]}.{number[9:]}", "85.07.30-033.28", number[:9], number[2:]]


async def test_the_wizard_looks_up_and_adds(cast: Cast):
    manager, given = cast.actors["manager"], {"organisationId": global_id("Organisation", cast.organisation.id)}
    told = {
        "givenName": "An",
        "familyName": "Peeters",
        "birthDate": "1985-07-30",
        "maskedNationalNumber": "85.07.30-***.**",
    }

    found = await read(manager, LOOK_UP, input=given | {"nationalNumber": "85.07.30-033.28"})
    assert found["lookUpPerson"] == {"person": told | {"user": None}, "errors": []}
    added = await read(manager, ADD, input=given | {"nationalNumber": NUMBER, "language": "FR"})
    user = added["addPerson"]["user"]
    assert user == told | {"id": user["id"], "language": "FR"}
    again = await read(manager, LOOK_UP, input=given | {"nationalNumber": NUMBER})
    assert again["lookUpPerson"]["person"]["user"] == {"id": user["id"]}


async def test_whether_somebody_is_known_elsewhere_is_not_told_by_adding_them(cast: Cast):
    manager, here = cast.actors["manager"], {"organisationId": global_id("Organisation", cast.organisation.id)}
    elsewhere = rows.a_national_number()
    await a_registered_person(elsewhere, given_name="An", family_name="Peeters")
    known = await rows.a_user(national_number=elsewhere, language="DE", subject="vo-1")
    await rows.a_right(await rows.a_work_relation(known, email="an@elders.example"))
    for language in (None, "FR"):
        told = []
        for number in (NUMBER, elsewhere):
            asked = here | {"nationalNumber": number}
            found = (await read(manager, LOOK_UP, input=asked))["lookUpPerson"]["person"]
            added = (await read(manager, ADD, input=asked | {"language": language}))["addPerson"]["user"]
            birth = f"{number[:2]}.{number[2:4]}.{number[4:6]}-***.**"
            assert {found["maskedNationalNumber"], added["maskedNationalNumber"]} == {birth}
            told.append((found["givenName"], found["user"] and "found", added["givenName"], added["language"]))
        assert told[0] == told[1]
        assert told[0][3] == language
    # What was said elsewhere stays, and is for those whom the person works for.
    assert (await User.get(id=known.id)).language == "DE"
    await rows.a_work_relation(known, cast.organisation)
    assert (await read(manager, ADD, input=asked))["addPerson"]["user"]["language"] == "DE"


async def test_the_keys_of_people_dont_tell_who_was_known_first(cast: Cast):
    manager, here = cast.actors["manager"], {"organisationId": global_id("Organisation", cast.organisation.id)}
    keys = []
    for place in range(12):
        number = rows.a_national_number()
        if place % 2:
            await get_or_create_user(PersonClaims(number, f"vo-{place}", "Jo", "Maes"))
        await a_registered_person(number)
        added = (await read(manager, ADD, input=here | {"nationalNumber": number}))["addPerson"]["user"]
        keys.append(key_of("User", added["id"]) or 0)
    assert all(2**52 <= key < 2**53 for key in keys)
    assert len(set(keys)) == len(keys)
    assert keys != sorted(keys)


async def test_one_question_too_many_is_refused_and_the_answers_beside_it_stay(cast: Cast):
    manager = cast.actors["manager"]
    entry = {"organisation_id": cast.organisation.id, "actor_id": manager.user_id, "subject_type": "Organisation"}
    await AuditEntry.bulk_create(
        [AuditEntry(**entry, action="PERSON_LOOKED_UP", subject_id=1) for _ in range(PER_MANAGER.maximum - 1)]
    )
    given = {"organisationId": global_id("Organisation", cast.organisation.id), "nationalNumber": NUMBER}
    one = "lookUpPerson(input: $input) { person { givenName } errors { code refusal message path } }"
    added = "addPerson(input: $added) { user { familyName } }"
    three = f"mutation ($input: LookUpPersonInput!, $added: AddPersonInput!) {{ first: {one} second: {one} {added} }}"
    answer = await execute_operation(manager, three, input=given, added=given)

    message = "This is possible at most 30 times in 1 h. Try again in 60 min."
    refusal = {"code": "UNAVAILABLE", "refusal": "RATE_LIMITED", "message": message, "path": None}
    assert answer.data == {
        "first": {"person": {"givenName": "An"}, "errors": []},
        "second": {"person": None, "errors": [refusal]},
        "addPerson": {"user": {"familyName": "Peeters"}},
    }
    [error] = answer.errors
    assert error["path"] == ["second", "person"]
    assert error["message"] == message
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert 3590 < error["extensions"]["retryAfter"] <= 3600
    assert await AuditEntry.filter(action="PERSON_LOOKED_UP").count() == PER_MANAGER.maximum


WRONG: list[tuple[str, dict[str, Any]]] = [
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
    (SET, {"input": {"language": "85.07.30-033.28"}}),
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


@pytest.mark.parametrize(("document", "variables"), WRONG)
async def test_no_error_repeats_a_number(
    cast: Cast,
    document: str,
    variables: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    caplog.set_level(logging.DEBUG)
    answer = await execute_operation(cast.actors["manager"], document, **variables)
    captured = capfd.readouterr()
    shown = json.dumps([answer.data, answer.errors], ensure_ascii=False) + caplog.text + captured.out + captured.err
    assert "INTERNAL" not in answer.codes
    for number in (NUMBER, "85073003329"):
        assert [form for form in written(number) if form in shown] == []


async def test_numbers_are_in_no_table_and_no_log(
    cast: Cast, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    given = {"organisationId": global_id("Organisation", cast.organisation.id), "nationalNumber": NUMBER}
    answers = [
        await execute_operation(cast.actors[who], text, input=given) for who in cast.actors for text in (LOOK_UP, ADD)
    ]
    unknown = rows.a_national_number()
    answers.append(await execute_operation(cast.actors["manager"], LOOK_UP, input=given | {"nationalNumber": unknown}))
    captured = capfd.readouterr()
    shown = json.dumps([[answer.data, answer.errors] for answer in answers]) + caplog.text + captured.out + captured.err
    kept = json.dumps(await read_tables())
    for number in (NUMBER, unknown):
        assert number not in shown
        assert number not in kept
        assert number.encode().hex() not in kept
