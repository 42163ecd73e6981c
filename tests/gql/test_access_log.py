"""Each change of access is in the audit log, for administrators and access managers and nobody else (domain 4)."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from gql.schema.audit_entry import _state_json
from registers.lifespan import open_registers
from settings import settings
from tests import rows
from tests.access_cast import MANAGERS, Cast, cast
from tests.gql.access_mutations import id_of
from tests.gql.execution import read
from tests.gql.managing import RELATION, RIGHT, TASK, Desk
from tests.rows.registers import a_registered_person

__all__ = ["cast"]
NUMBER = "85073003328"
LOG = """query($id: ID!) { node(id: $id) { ... on Organisation { auditLog { edges { node {
  action actorName reason before after subject { __typename } } } } } } }"""
EXPECTED_ENTRIES = [
    ("PERSON_LOOKED_UP", "Organisation", None),
    ("PERSON_ASKED_FOR", "Organisation", None),
    ("PERSON_ADDED", "User", None),
    ("WORK_RELATION_CREATED", "WorkRelation", None),
    ("ACCESS_RIGHT_GRANTED", "AccessRight", "Opvolging van de werf"),
    ("ACCESS_RIGHT_CHANGED", "AccessRight", "Vervangt de beheerder"),
    ("ACCESS_RIGHT_REVOKED", "AccessRight", "Andere functie"),
    ("WORK_RELATION_CHANGED", "WorkRelation", None),
    ("WORK_RELATION_ENDED", "WorkRelation", "Uit dienst"),
    ("ACCESS_MANAGER_DISMISSED", "AccessMandate", "Andere functie"),
    ("ACCESS_MANAGER_APPOINTED", "AccessMandate", None),
    ("MANDATE_EMAIL_SET", "AccessMandate", None),
    ("SELF_REGISTRATION_REQUESTED", "SelfRegistrationTask", None),
    ("SELF_REGISTRATION_REJECTED", "SelfRegistrationTask", "Niet gekend"),
]
"""The action, the type of its subject, and the reason of each entry."""


@pytest.fixture
async def desk(cast: Cast) -> AsyncIterator[Desk]:
    """An organisation with everyone, and registers."""
    async with open_registers(settings()):
        yield Desk(cast)


async def audit_log(desk: Desk, who: str) -> list[dict[str, Any]] | None:
    """The entries that somebody may read, oldest first; None if they may not read the log."""
    organisation = (await read(desk.actor(who), LOG, id=id_of(desk.organisation)))["node"]
    connection = organisation and organisation["auditLog"]
    return [edge["node"] for edge in reversed(connection["edges"])] if connection else None


async def manage_access(desk: Desk) -> None:
    """Executes each mutation once."""
    await a_registered_person(NUMBER)
    number = desk.here | {"nationalNumber": NUMBER}
    await desk.done("manager", "lookUpPerson", "person { givenName }", **number)
    user = await desk.done("manager", "addPerson", "user { id }", **number)
    first = await rows.today()
    today, last = first.isoformat(), (first + timedelta(days=30)).isoformat()
    relation_input = desk.here | {"userId": user["id"], "validFrom": today, "validUntil": today}
    relation = await desk.done("manager", "createWorkRelation", RELATION, **relation_input)
    right = (await desk.grant(relation["id"], "USER"))["right"]
    roles_input = {"id": right["id"], "version": 1, "roles": ["ADMINISTRATOR"], "reason": "Vervangt de beheerder"}
    await desk.done("manager", "changeAccessRight", RIGHT, **roles_input)
    await desk.done("manager", "revokeAccessRight", RIGHT, id=right["id"], version=2, reason="Andere functie")
    await desk.done("manager", "updateWorkRelation", RELATION, id=relation["id"], version=1, validUntil=last)
    await desk.done("manager", "endWorkRelation", RELATION, id=relation["id"], version=2, on=today, reason="Uit dienst")
    dismissal = {"id": id_of(desk.cast.mandates["manager"]), "reason": "Andere functie"}
    await desk.done("legal", "dismissAccessManager", "mandate { id }", **dismissal)
    appointment = desk.here | {"userId": id_of(desk.cast.people["manager"]), "kind": "ACCESS_MANAGER"}
    mandate = await desk.done("legal", "appointAccessManager", "mandate { id }", **appointment)
    await desk.done("manager", "setMandateEmail", "mandate { id }", **mandate, email="beheer@aannemer.example")
    task = await desk.requested("newcomer")
    await desk.done("main-manager", "rejectSelfRegistration", TASK, id=task["id"], reason="Niet gekend")


async def test_each_change_is_one_entry_for_administrators_and_access_managers(desk: Desk):
    await manage_access(desk)
    people = desk.cast.people
    for who in (*MANAGERS, "admin"):
        entries = await audit_log(desk, who)
        assert entries
        assert [(entry["action"], entry["reason"]) for entry in entries] == [
            (action, reason) for action, _, reason in EXPECTED_ENTRIES
        ]
        actor_names = {entry["action"]: entry["actorName"] for entry in entries}
        assert actor_names["PERSON_LOOKED_UP"] == people["manager"].full_name
        assert actor_names["SELF_REGISTRATION_REJECTED"] == people["main-manager"].full_name
        if who != "admin":
            assert [entry["subject"]["__typename"] for entry in entries] == [
                subject_type for _, subject_type, _ in EXPECTED_ENTRIES
            ]


async def test_no_entry_contains_a_national_number_or_an_address(desk: Desk):
    await manage_access(desk)
    text = str(await audit_log(desk, "manager"))
    assert not any(personal in text for personal in (NUMBER, "033.28", NUMBER[2:9], "beheer@aannemer.example"))


async def test_values_of_an_entry_refer_to_rows_by_global_ids(desk: Desk):
    await manage_access(desk)
    entries = await audit_log(desk, "manager")
    assert entries
    after = {entry["action"]: json.loads(entry["after"]) for entry in entries if entry["after"]}
    appointed = id_of(desk.cast.people["manager"])
    assert after["ACCESS_MANAGER_APPOINTED"] == {"kind": "ACCESS_MANAGER", "user": appointed}
    assert after["PERSON_ADDED"]["user"] == after["WORK_RELATION_CREATED"]["user"]
    relation = after["ACCESS_RIGHT_GRANTED"]["workRelation"]
    data = await read(
        desk.actor("manager"), "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=[appointed, relation]
    )
    assert data["nodes"] == [{"__typename": "User", "id": appointed}, {"__typename": "WorkRelation", "id": relation}]
    assert not [value for values in after.values() for value in values.values() if isinstance(value, int)]


def test_lists_of_keys_are_written_as_global_ids():
    text = _state_json({"groups": [7, 9], "members": [], "assignee": None, "size": 7})

    assert text == '{"assignee":null,"groups":["R3JvdXA6Nw==","R3JvdXA6OQ=="],"members":[],"size":7}'


@pytest.mark.parametrize("who", ["user", "outsider", "newcomer", "machine"])
async def test_nobody_else_reads_the_audit_log(desk: Desk, who: str):
    await manage_access(desk)
    assert await audit_log(desk, who) is None
