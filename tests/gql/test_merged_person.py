"""Whom the audit log leads to from somebody who was made one with another person since."""

from importlib import import_module
from typing import Any

import pytest

from domain.actor import OPERATOR, Actor
from domain.models import AuditAction, AuditEntry, Organisation, Role, User
from domain.rules.person_correction import merge_people
from tests import rows
from tests.database_roles import execute_as_owner
from tests.gql.access_mutations import id_of
from tests.gql.execution import person, read
from tests.gql.reading.engine_execution import enable_engine, execute_compiled

pytestmark = pytest.mark.usefixtures("registers")

LOG = """query($id: ID!, $filter: AuditEntryFilter) { node(id: $id) { ... on Organisation {
  auditLog(filter: $filter) { edges { node { action actorName
    actor { id fullName } subject { __typename id ... on User { fullName } } } } } } } }"""
Numbered = tuple[User, str]


async def somebody(name: str) -> Numbered:
    number = rows.a_national_number()
    return await rows.a_user(national_number=number, given_name=name, family_name="Peeters"), number


async def merge(gone: Numbered, stays: Numbered) -> None:
    await merge_people(actor=OPERATOR, old_number=gone[1], new_number=stays[1], reason="Dezelfde persoon")


async def told(organisation: Organisation, actor: User, subject: User) -> None:
    """An entry about what one person did to another."""
    await AuditEntry.create(
        organisation=organisation,
        actor=actor,
        action=AuditAction.PERSON_ADDED,
        subject_type="User",
        subject_id=subject.id,
    )


async def log(asker: Actor, organisation: Organisation, **given: Any) -> list[dict[str, Any]]:
    """What the filter leaves of the log, of people added: by the executor, by the engine, and both the same."""
    variables: dict[str, Any] = {"id": id_of(organisation), "filter": {"actions": ["PERSON_ADDED"], **given}}
    ordinary = await read(asker, LOG, language="nl", **variables)
    async with enable_engine():
        assert await execute_compiled(asker, LOG, **variables) == ordinary
    return [edge["node"] for edge in ordinary["node"]["auditLog"]["edges"]]


async def test_what_somebody_did_and_what_was_done_to_them_leads_to_whom_they_became():
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    first, second, third = [await somebody(name) for name in ("An", "Ann", "Anna")]
    await rows.a_work_relation(third[0], organisation)
    await told(organisation, first[0], second[0])
    for gone, stays in ((first, second), (second, third)):
        await merge(gone, stays)

    [entry] = await log(person(administrator.user_id), organisation)

    became = {"id": id_of(third[0]), "fullName": "Anna Peeters"}
    assert entry["actorName"] == "An Peeters"
    assert entry["actor"] == became
    assert entry["subject"] == {"__typename": "User", **became}


async def test_who_may_not_see_them_is_led_to_nobody():
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    gone, stays = await somebody("An"), await somebody("Anna")
    await told(organisation, gone[0], gone[0])
    await merge(gone, stays)

    [entry] = await log(person(administrator.user_id), organisation)

    assert (entry["actorName"], entry["actor"], entry["subject"]) == ("An Peeters", None, None)


async def test_their_entries_are_found_by_whom_they_became():
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    gone, stays, other = [await somebody(name) for name in ("An", "Anna", "Bea")]
    await rows.a_work_relation(stays[0], organisation)
    await told(organisation, gone[0], other[0])
    await told(organisation, other[0], gone[0])
    await merge(gone, stays)
    await told(organisation, stays[0], stays[0])

    asker, wanted = person(administrator.user_id), id_of(stays[0])
    assert [each["actorName"] for each in await log(asker, organisation, actorId=wanted)] == [
        "Anna Peeters",
        "An Peeters",
    ]
    assert [each["actorName"] for each in await log(asker, organisation, subjectId=wanted)] == [
        "Anna Peeters",
        "Bea Peeters",
    ]


async def test_what_is_known_of_earlier_merges_is_taken_from_the_log():
    first, second, third, apart = [await somebody(name) for name in ("An", "Ann", "Anna", "Bea")]
    await merge(first, second)
    await merge(second, third)
    filled = import_module("domain.migrations.0028_found_in_the_log").MERGED[-1]
    await execute_as_owner("update person set merged_into_id = null")

    await execute_as_owner(filled)

    everyone = {each.id: each.merged_into_id for each in await User.all()}
    became = {first[0].id: third[0].id, second[0].id: third[0].id, third[0].id: None, apart[0].id: None}
    assert everyone == became


async def test_the_row_of_who_went_leads_on_when_the_other_goes_too():
    first, second, third = [await somebody(name) for name in ("An", "Ann", "Anna")]
    await merge(first, second)
    assert (await User.get(id=first[0].id)).merged_into_id == second[0].id

    await merge(second, third)

    keys = [first[0].id, second[0].id]
    assert [each.merged_into_id for each in await User.filter(id__in=keys)] == [third[0].id] * 2
    assert (await User.get(id=third[0].id)).merged_into_id is None
