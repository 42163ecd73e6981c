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
from tests.gql.access_manager_api import RELATION, RIGHT, TASK, AccessManagerApi
from tests.gql.access_mutations import id_of
from tests.gql.execution import read
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
async def api(cast: Cast) -> AsyncIterator[AccessManagerApi]:
    """An organisation with everyone, and registers."""
    async with open_registers(settings()):
        yield AccessManagerApi(cast)


async def audit_log(api: AccessManagerApi, who: str) -> list[dict[str, Any]] | None:
    """The entries that somebody may read, oldest first; None if they may not read the log."""
    organisation = (await read(api.actor(who), LOG, id=id_of(api.organisation)))["node"]
    connection = organisation and organisation["auditLog"]
    return [edge["node"] for edge in reversed(connection["edges"])] if connection else None


async def manage_access(api: AccessManagerApi) -> None:
    """Executes each mutation once."""
    await a_registered_person(NUMBER)
    number = api.organisation_input | {"nationalNumber": NUMBER}
    await api.execute_successfully("manager", "lookUpPerson", "person { givenName }", **number)
    user = await api.execute_successfully("manager", "addPerson", "user { id }", **number)
    first = await rows.today()
    today, last = first.isoformat(), (first + timedelta(days=30)).isoformat()
    relation_input = api.organisation_input | {"userId": user["id"], "validFrom": today, "validUntil": today}
    relation = await api.execute_successfully("manager", "createWorkRelation", RELATION, **relation_input)
    right = (await api.grant_access_right(relation["id"], "USER"))["right"]
    roles_input = {"id": right["id"], "version": 1, "roles": ["ADMINISTRATOR"], "reason": "Vervangt de beheerder"}
    await api.execute_successfully("manager", "changeAccessRight", RIGHT, **roles_input)
    await api.execute_successfully(
        "manager", "revokeAccessRight", RIGHT, id=right["id"], version=2, reason="Andere functie"
    )
    await api.execute_successfully(
        "manager", "updateWorkRelation", RELATION, id=relation["id"], version=1, validUntil=last
    )
    await api.execute_successfully(
        "manager", "endWorkRelation", RELATION, id=relation["id"], version=2, on=today, reason="Uit dienst"
    )
    dismissal = {"id": id_of(api.cast.mandates["manager"]), "reason": "Andere functie"}
    await api.execute_successfully("legal", "dismissAccessManager", "mandate { id }", **dismissal)
    appointment = api.organisation_input | {"userId": id_of(api.cast.people["manager"]), "kind": "ACCESS_MANAGER"}
    mandate = await api.execute_successfully("legal", "appointAccessManager", "mandate { id }", **appointment)
    await api.execute_successfully(
        "manager", "setMandateEmail", "mandate { id }", **mandate, email="beheer@aannemer.example"
    )
    task = await api.requested_task("newcomer")
    await api.execute_successfully("main-manager", "rejectSelfRegistration", TASK, id=task["id"], reason="Niet gekend")


async def test_each_change_is_one_entry_for_administrators_and_access_managers(api: AccessManagerApi):
    await manage_access(api)
    people = api.cast.people
    for who in (*MANAGERS, "admin"):
        entries = await audit_log(api, who)
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


async def test_no_entry_contains_a_national_number_or_an_address(api: AccessManagerApi):
    await manage_access(api)
    text = str(await audit_log(api, "manager"))
    assert not any(personal in text for personal in (NUMBER, "033.28", NUMBER[2:9], "beheer@aannemer.example"))


async def test_values_of_an_entry_refer_to_rows_by_global_ids(api: AccessManagerApi):
    await manage_access(api)
    entries = await audit_log(api, "manager")
    assert entries
    after = {entry["action"]: json.loads(entry["after"]) for entry in entries if entry["after"]}
    appointed = id_of(api.cast.people["manager"])
    assert after["ACCESS_MANAGER_APPOINTED"] == {"kind": "ACCESS_MANAGER", "user": appointed}
    assert after["PERSON_ADDED"]["user"] == after["WORK_RELATION_CREATED"]["user"]
    relation = after["ACCESS_RIGHT_GRANTED"]["workRelation"]
    data = await read(
        api.actor("manager"), "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=[appointed, relation]
    )
    assert data["nodes"] == [{"__typename": "User", "id": appointed}, {"__typename": "WorkRelation", "id": relation}]
    assert not [value for values in after.values() for value in values.values() if isinstance(value, int)]


def test_lists_of_keys_are_written_as_global_ids():
    text = _state_json({"groups": [7, 9], "members": [], "assignee": None, "size": 7})

    assert text == '{"assignee":null,"groups":["R3JvdXA6Nw==","R3JvdXA6OQ=="],"members":[],"size":7}'


@pytest.mark.parametrize("who", ["user", "outsider", "newcomer", "machine"])
async def test_nobody_else_reads_the_audit_log(api: AccessManagerApi, who: str):
    await manage_access(api)
    assert await audit_log(api, who) is None
