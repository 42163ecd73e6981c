"""Entries of the audit log about a person who was merged into another one lead to that other one."""

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
NumberedUser = tuple[User, str]
"""A user and their national number."""


async def a_numbered_user(name: str) -> NumberedUser:
    number = rows.a_national_number()
    return await rows.a_user(national_number=number, given_name=name, family_name="Peeters"), number


async def merge(merged: NumberedUser, remaining: NumberedUser) -> None:
    await merge_people(actor=OPERATOR, old_number=merged[1], new_number=remaining[1], reason="Dezelfde persoon")


async def add_entry(organisation: Organisation, actor: User, subject: User) -> None:
    """Adds an entry of an actor about a user."""
    await AuditEntry.create(
        organisation=organisation,
        actor=actor,
        action=AuditAction.PERSON_ADDED,
        subject_type="User",
        subject_id=subject.id,
    )


async def entries_of_added_people(viewer: Actor, organisation: Organisation, **log_filter: Any) -> list[dict[str, Any]]:
    """The entries about added people that match a filter, which executor and engine must agree on."""
    variables: dict[str, Any] = {"id": id_of(organisation), "filter": {"actions": ["PERSON_ADDED"], **log_filter}}
    ordinary = await read(viewer, LOG, language="nl", **variables)
    async with enable_engine():
        assert await execute_compiled(viewer, LOG, **variables) == ordinary
    return [edge["node"] for edge in ordinary["node"]["auditLog"]["edges"]]


async def test_actor_and_subject_of_an_entry_are_the_person_they_were_merged_into():
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    first, second, third = [await a_numbered_user(name) for name in ("An", "Ann", "Anna")]
    await rows.a_work_relation(third[0], organisation)
    await add_entry(organisation, first[0], second[0])
    for merged, remaining in ((first, second), (second, third)):
        await merge(merged, remaining)

    [entry] = await entries_of_added_people(person(administrator.user_id), organisation)

    merged_person = {"id": id_of(third[0]), "fullName": "Anna Peeters"}
    assert entry["actorName"] == "An Peeters"
    assert entry["actor"] == merged_person
    assert entry["subject"] == {"__typename": "User", **merged_person}


async def test_actor_and_subject_are_null_for_a_viewer_who_may_not_see_the_merged_person():
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    merged, remaining = await a_numbered_user("An"), await a_numbered_user("Anna")
    await add_entry(organisation, merged[0], merged[0])
    await merge(merged, remaining)

    [entry] = await entries_of_added_people(person(administrator.user_id), organisation)

    assert (entry["actorName"], entry["actor"], entry["subject"]) == ("An Peeters", None, None)


async def test_entries_are_filtered_by_the_person_they_were_merged_into():
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    merged, remaining, other = [await a_numbered_user(name) for name in ("An", "Anna", "Bea")]
    await rows.a_work_relation(remaining[0], organisation)
    await add_entry(organisation, merged[0], other[0])
    await add_entry(organisation, other[0], merged[0])
    await merge(merged, remaining)
    await add_entry(organisation, remaining[0], remaining[0])

    viewer, user_id = person(administrator.user_id), id_of(remaining[0])
    assert [entry["actorName"] for entry in await entries_of_added_people(viewer, organisation, actorId=user_id)] == [
        "Anna Peeters",
        "An Peeters",
    ]
    assert [entry["actorName"] for entry in await entries_of_added_people(viewer, organisation, subjectId=user_id)] == [
        "Anna Peeters",
        "Bea Peeters",
    ]


async def test_the_migration_fills_earlier_merges_from_the_audit_log():
    first, second, third, unmerged = [await a_numbered_user(name) for name in ("An", "Ann", "Anna", "Bea")]
    await merge(first, second)
    await merge(second, third)
    fill_merges = import_module("domain.migrations.0028_found_in_the_log").MERGED[-1]
    await execute_as_owner("update person set merged_into_id = null")

    await execute_as_owner(fill_merges)

    merged_into = {user.id: user.merged_into_id for user in await User.all()}
    expected = {first[0].id: third[0].id, second[0].id: third[0].id, third[0].id: None, unmerged[0].id: None}
    assert merged_into == expected


async def test_a_merged_user_points_to_the_last_one_of_a_chain_of_merges():
    first, second, third = [await a_numbered_user(name) for name in ("An", "Ann", "Anna")]
    await merge(first, second)
    assert (await User.get(id=first[0].id)).merged_into_id == second[0].id

    await merge(second, third)

    keys = [first[0].id, second[0].id]
    assert [user.merged_into_id for user in await User.filter(id__in=keys)] == [third[0].id] * 2
    assert (await User.get(id=third[0].id)).merged_into_id is None
