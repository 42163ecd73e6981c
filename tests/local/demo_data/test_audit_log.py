"""The demo's audit log explains its rows: each has the entries of the actions that lead to it."""

import json
from typing import Any

import pytest

from domain.audit_chain import verify
from domain.database.connection import database as connection
from domain.models import AccessRight, AuditEntry, Group, SelfRegistration, TaskStatus, WorkRelation
from gql.audit_actions import ABOUT_ACCESS
from tests.rows import now

pytestmark = pytest.mark.usefixtures("demo")


async def entries_about(action: str, subject: Any) -> list[AuditEntry]:
    """The entries of an action on a row, oldest first."""
    subject_type = type(subject).__name__
    return await AuditEntry.filter(action=action, subject_type=subject_type, subject_id=subject.id).order_by("id")


async def test_its_chain_is_intact_and_its_entries_are_in_order_of_time():
    assert [finding async for finding in verify()] == []
    moments = [entry.at for entry in await AuditEntry.all().order_by("id")]
    assert moments == sorted(moments)
    assert moments[-1] <= await now()


@pytest.mark.parametrize(
    ("action", "rows"),
    [
        ("ORGANISATION_REGISTERED", "organisation"),
        ("LEGAL_REPRESENTATIVE_CAME", "access_mandate where kind = 'LEGAL_REPRESENTATIVE'"),
        ("ACCESS_MANAGER_APPOINTED", "access_mandate where kind <> 'LEGAL_REPRESENTATIVE'"),
        ("ACCESS_MANAGER_DISMISSED", "access_mandate where ended_at is not null"),
        ("PERSON_ADDED", "introduction"),
        ("WORK_RELATION_CREATED", "work_relation"),
        ("ACCESS_RIGHT_GRANTED", "access_right"),
        ("ACCESS_RIGHT_REVOKED", "access_right where revoked_at is not null"),
        ("SELF_REGISTRATION_REQUESTED", "self_registration"),
        ("SELF_REGISTRATION_APPROVED", "self_registration where status = 'APPROVED'"),
        ("SELF_REGISTRATION_REJECTED", "self_registration where status = 'REJECTED'"),
        ("GROUP_CREATED", "access_group"),
        ("GROUP_DELETED", "access_group where not active"),
        ("CONTRACT_PUBLISHED", "contract"),
        ("CONTRACT_ENDED", "contract where ended_at is not null"),
        ("DOCUMENT_DELIVERED", "document where direction = 'FROM_AUTHORITY'"),
        ("DOCUMENT_DRAFTED", "document where direction = 'TO_AUTHORITY'"),
        ("DOCUMENT_SENT", "document where sent_at is not null"),
        ("ATTACHMENT_ARRIVED", "attachment"),
        ("MESSAGE_DELIVERED", "message"),
        ("ACTION_OPENED", "action"),
        ("ACTION_ASSIGNED", "assignment"),
        ("ACTION_COMPLETED", "action where status = 'DONE'"),
    ],
)
async def test_every_row_has_the_entry_of_its_action(action: str, rows: str):
    [row] = await connection().execute_query_dict(f"select count(*) as number from {rows}")
    assert row["number"] > 0
    assert await AuditEntry.filter(action=action).count() == row["number"]


async def test_entries_say_what_the_row_says():
    right = await AccessRight.get(revocation_reason="Langdurig afwezig")
    [granted] = await entries_about("ACCESS_RIGHT_GRANTED", right)
    [revoked] = await entries_about("ACCESS_RIGHT_REVOKED", right)
    assert (granted.at, granted.actor_id, granted.reason) == (
        right.granted_at,
        right.granted_by_id,
        right.reason,
    )
    assert granted.after == {"workRelation": right.work_relation_id, "roles": ["USER"]}
    assert (revoked.at, revoked.actor_id, revoked.reason) == (
        right.revoked_at,
        right.revoked_by_id,
        right.revocation_reason,
    )
    assert (revoked.before, revoked.after) == ({"roles": ["USER"]}, None)


async def test_changes_have_the_values_before_and_after():
    role_change = await AuditEntry.get(action="ACCESS_RIGHT_CHANGED")
    assert (role_change.before, role_change.after) == ({"roles": ["ADMINISTRATOR"]}, {"roles": ["USER"]})
    assert await AuditEntry.filter(action="WORK_RELATION_CHANGED").count() == 2

    deleted_group = await Group.get(active=False)
    [deletion] = await entries_about("GROUP_DELETED", deleted_group)
    assert len(deletion.before["contracts"]) == 2
    assert not await AuditEntry.exists(action="CONTRACT_GROUPS_SET", at=deletion.at)


async def test_an_approval_and_what_it_creates_have_one_moment_and_one_actor():
    task = await SelfRegistration.get(status=TaskStatus.APPROVED)
    [approved] = await entries_about("SELF_REGISTRATION_APPROVED", task)
    assert approved.after["roles"] == ["USER"]
    [created] = await entries_about("WORK_RELATION_CREATED", await WorkRelation.get(id=approved.after["workRelation"]))
    [granted] = await entries_about("ACCESS_RIGHT_GRANTED", await AccessRight.get(id=approved.after["right"]))
    assert {entry.at for entry in (created, granted, approved)} == {task.decided_at}
    assert {entry.actor_id for entry in (created, granted, approved)} == {task.decided_by_id}


async def test_it_contains_no_address_of_a_person():
    texts = [json.dumps([entry.before, entry.after]) for entry in await AuditEntry.all()]
    assert not [text for text in texts if "@" in text]
    [sealed] = await entries_about("WORK_RELATION_CREATED", (await WorkRelation.exclude(email=None).order_by("id"))[0])
    assert set(sealed.after["email"]) == {"sealed", "person"}


async def test_the_actions_that_access_managers_may_read_are_those_about_people_and_the_organisation():
    """The API's list of them is complete for all actions in the demo."""
    about_people = {"AccessMandate", "AccessRight", "Organisation", "SelfRegistration", "User", "WorkRelation"}
    pairs = await AuditEntry.exclude(organisation=None).distinct().values_list("action", "subject_type")

    assert {action for action, subject_type in pairs if subject_type in about_people} == {
        action for action, _ in pairs if action in ABOUT_ACCESS
    }
    assert len(pairs) > 20
