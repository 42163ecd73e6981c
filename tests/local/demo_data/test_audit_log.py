"""The demo's audit log tells of what it begins with, as the acts would have that lead to it."""

import json
from typing import Any

import pytest

from domain.audit_chain import verify
from domain.database.connection import database as connection
from domain.models import AccessRight, AuditEntry, Group, SelfRegistration, TaskStatus, WorkRelation
from gql.audit_actions import ABOUT_ACCESS
from tests.rows import now

pytestmark = pytest.mark.usefixtures("demo")


async def told(action: str, subject: Any) -> list[AuditEntry]:
    """The entries of one kind about a row, oldest first."""
    kind = type(subject).__name__
    return await AuditEntry.filter(action=action, subject_type=kind, subject_id=subject.id).order_by("id")


async def test_it_vouches_for_itself_and_goes_forward_in_time():
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
async def test_every_row_came_about_by_an_act(action: str, rows: str):
    [there] = await connection().execute_query_dict(f"select count(*) as number from {rows}")
    assert there["number"] > 0
    assert await AuditEntry.filter(action=action).count() == there["number"]


async def test_an_entry_tells_what_the_row_tells():
    revoked = await AccessRight.get(revocation_reason="Langdurig afwezig")
    [granted] = await told("ACCESS_RIGHT_GRANTED", revoked)
    [ended] = await told("ACCESS_RIGHT_REVOKED", revoked)
    assert (granted.at, granted.actor_id, granted.reason) == (
        revoked.granted_at,
        revoked.granted_by_id,
        revoked.reason,
    )
    assert granted.after == {"workRelation": revoked.work_relation_id, "roles": ["USER"]}
    assert (ended.at, ended.actor_id, ended.reason) == (
        revoked.revoked_at,
        revoked.revoked_by_id,
        revoked.revocation_reason,
    )
    assert (ended.before, ended.after) == ({"roles": ["USER"]}, None)


async def test_what_changed_is_told_with_what_was_before():
    exchanged = await AuditEntry.get(action="ACCESS_RIGHT_CHANGED")
    assert (exchanged.before, exchanged.after) == ({"roles": ["ADMINISTRATOR"]}, {"roles": ["USER"]})
    assert await AuditEntry.filter(action="WORK_RELATION_CHANGED").count() == 2

    deleted = await Group.get(active=False)
    [gone] = await told("GROUP_DELETED", deleted)
    assert len(gone.before["contracts"]) == 2
    assert not await AuditEntry.exists(action="CONTRACT_GROUPS_SET", at=gone.at)


async def test_an_approval_is_one_act_of_one_moment():
    task = await SelfRegistration.get(status=TaskStatus.APPROVED)
    [approved] = await told("SELF_REGISTRATION_APPROVED", task)
    assert approved.after["roles"] == ["USER"]
    [made] = await told("WORK_RELATION_CREATED", await WorkRelation.get(id=approved.after["workRelation"]))
    [granted] = await told("ACCESS_RIGHT_GRANTED", await AccessRight.get(id=approved.after["right"]))
    assert {entry.at for entry in (made, granted, approved)} == {task.decided_at}
    assert {entry.actor_id for entry in (made, granted, approved)} == {task.decided_by_id}


async def test_no_address_of_a_person_stands_in_it():
    texts = [json.dumps([entry.before, entry.after]) for entry in await AuditEntry.all()]
    assert not [text for text in texts if "@" in text]
    [sealed] = await told("WORK_RELATION_CREATED", (await WorkRelation.exclude(email=None).order_by("id"))[0])
    assert set(sealed.after["email"]) == {"sealed", "person"}


async def test_the_menu_says_rightly_which_acts_access_managers_read_of():
    """They read of what is done to people, to what these have, and to the organisation itself."""
    people = {"AccessMandate", "AccessRight", "Organisation", "SelfRegistration", "User", "WorkRelation"}
    told = await AuditEntry.exclude(organisation=None).distinct().values_list("action", "subject_type")

    assert {action for action, subject in told if subject in people} == {
        action for action, _ in told if action in ABOUT_ACCESS
    }
    assert len(told) > 20
