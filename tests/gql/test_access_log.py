"""Every act on access stands in the audit log, for administrators and access managers and nobody else (domain 4)."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from gql.schema.audit_entry import _as_text
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
EVERYTHING = [
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
"""What is done below: the action, what it was done to, and why."""


@pytest.fixture
async def desk(cast: Cast) -> AsyncIterator[Desk]:
    """An organisation with everyone, and registers."""
    async with open_registers(settings()):
        yield Desk(cast)


async def log(desk: Desk, who: str) -> list[dict[str, Any]] | None:
    """What somebody reads of the log, oldest first; None when that is closed to them."""
    organisation = (await read(desk.actor(who), LOG, id=id_of(desk.organisation)))["node"]
    read_log = organisation and organisation["auditLog"]
    return [edge["node"] for edge in reversed(read_log["edges"])] if read_log else None


async def manage_access(desk: Desk) -> None:
    """Does each thing once."""
    await a_registered_person(NUMBER)
    number = desk.here | {"nationalNumber": NUMBER}
    await desk.done("manager", "lookUpPerson", "person { givenName }", **number)
    user = await desk.done("manager", "addPerson", "user { id }", **number)
    first = await rows.today()
    today, last = first.isoformat(), (first + timedelta(days=30)).isoformat()
    given = desk.here | {"userId": user["id"], "validFrom": today, "validUntil": today}
    relation = await desk.done("manager", "createWorkRelation", RELATION, **given)
    right = (await desk.grant(relation["id"], "USER"))["right"]
    given = {"id": right["id"], "version": 1, "roles": ["ADMINISTRATOR"], "reason": "Vervangt de beheerder"}
    await desk.done("manager", "changeAccessRight", RIGHT, **given)
    await desk.done("manager", "revokeAccessRight", RIGHT, id=right["id"], version=2, reason="Andere functie")
    await desk.done("manager", "updateWorkRelation", RELATION, id=relation["id"], version=1, validUntil=last)
    await desk.done("manager", "endWorkRelation", RELATION, id=relation["id"], version=2, on=today, reason="Uit dienst")
    manager = {"id": id_of(desk.cast.mandates["manager"]), "reason": "Andere functie"}
    await desk.done("legal", "dismissAccessManager", "mandate { id }", **manager)
    given = desk.here | {"userId": id_of(desk.cast.people["manager"]), "kind": "ACCESS_MANAGER"}
    mandate = await desk.done("legal", "appointAccessManager", "mandate { id }", **given)
    await desk.done("manager", "setMandateEmail", "mandate { id }", **mandate, email="beheer@aannemer.example")
    task = await desk.requested("newcomer")
    await desk.done("main-manager", "rejectSelfRegistration", TASK, id=task["id"], reason="Niet gekend")


async def test_each_act_is_told_once_to_administrators_and_access_managers(desk: Desk):
    await manage_access(desk)
    people = desk.cast.people
    for who in (*MANAGERS, "admin"):
        told = await log(desk, who)
        assert told
        assert [(one["action"], one["reason"]) for one in told] == [(what, why) for what, _, why in EVERYTHING]
        by = {one["action"]: one["actorName"] for one in told}
        assert by["PERSON_LOOKED_UP"] == people["manager"].full_name
        assert by["SELF_REGISTRATION_REJECTED"] == people["main-manager"].full_name
        if who != "admin":
            assert [one["subject"]["__typename"] for one in told] == [what for _, what, _ in EVERYTHING]


async def test_no_line_of_it_holds_a_number_or_an_address(desk: Desk):
    await manage_access(desk)
    told = str(await log(desk, "manager"))
    assert not any(kept in told for kept in (NUMBER, "033.28", NUMBER[2:9], "beheer@aannemer.example"))


async def test_other_rows_are_named_by_the_ids_that_the_api_knows_them_by(desk: Desk):
    await manage_access(desk)
    told = await log(desk, "manager")
    assert told
    after = {one["action"]: json.loads(one["after"]) for one in told if one["after"]}
    appointed = id_of(desk.cast.people["manager"])
    assert after["ACCESS_MANAGER_APPOINTED"] == {"kind": "ACCESS_MANAGER", "user": appointed}
    assert after["PERSON_ADDED"]["user"] == after["WORK_RELATION_CREATED"]["user"]
    relation = after["ACCESS_RIGHT_GRANTED"]["workRelation"]
    named = await read(
        desk.actor("manager"), "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=[appointed, relation]
    )
    assert named["nodes"] == [{"__typename": "User", "id": appointed}, {"__typename": "WorkRelation", "id": relation}]
    assert not [kept for values in after.values() for kept in values.values() if isinstance(kept, int)]


def test_lists_of_rows_are_named_one_by_one():
    text = _as_text({"groups": [7, 9], "members": [], "assignee": None, "size": 7})

    assert text == '{"assignee":null,"groups":["R3JvdXA6Nw==","R3JvdXA6OQ=="],"members":[],"size":7}'


@pytest.mark.parametrize("who", ["user", "outsider", "newcomer", "machine"])
async def test_nobody_else_reads_it(desk: Desk, who: str):
    await manage_access(desk)
    assert await log(desk, who) is None
