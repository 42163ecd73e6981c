"""An audit log narrowed to some acts, one subject, one actor and a stretch of time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.actor import NOBODY, OPERATOR, SYSTEM, Actor
from domain.models import AccessMandateKind, AuditAction, AuditEntry, Organisation, Role, User
from domain.models.row import Row
from gql.reading.ids import global_id
from tests import rows
from tests.gql.access_mutations import id_of
from tests.gql.execution import execute_operation, person, read
from tests.gql.reading.engine_execution import enable_engine, execute

LOG = """query($id: ID!, $filter: AuditEntryFilter) { node(id: $id) { ... on Organisation {
  auditLog(filter: $filter) { totalCount edges { node { reason } } } } } }"""
ACTORS = "query($id: ID!) { node(id: $id) { ... on Organisation { auditLog { edges { node { actorName } } } } } }"
MIDNIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
"""When 24 November begins in Brussels."""


@dataclass
class Log:
    """An organisation's audit log.

    Attributes:
        organisation: The organisation.
        administrator: Who reads all of it.
        manager: Who reads what is about access.
    """

    organisation: Organisation
    administrator: Actor
    manager: Actor
    actor: User
    told: list[str] = field(default_factory=list)

    async def add(self, action: str, said: str, subject: Row | None = None, **given: Any) -> None:
        """An entry, told by its reason."""
        what = subject or self.organisation
        given = {"organisation": self.organisation, "actor": self.actor, **given}
        await AuditEntry.create(
            action=action, subject_type=type(what).__name__, subject_id=what.id, reason=said, **given
        )

    async def found(self, asker: Actor | None = None, /, **given: Any) -> list[str]:
        """The entries that a filter leaves, the newest first."""
        variables: dict[str, Any] = {"id": id_of(self.organisation), "filter": given}
        log = (await read(asker or self.administrator, LOG, **variables))["node"]["auditLog"]
        told = [edge["node"]["reason"] for edge in log["edges"]]
        assert log["totalCount"] == len(told)
        return told


@pytest.fixture
async def log(database: str) -> Log:
    assert database
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    manager = await rows.a_person_with_right(organisation, Role.USER)
    await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, await manager.user, organisation)
    return Log(organisation, person(administrator.user_id), person(manager.user_id), await administrator.user)


async def test_it_is_narrowed_to_some_acts(log: Log):
    for said in ("GROUP_CREATED", "GROUP_DELETED", "GROUP_CREATED", "PERSON_LOOKED_UP"):
        await log.add(said, said)

    assert await log.found(actions=["GROUP_CREATED"]) == ["GROUP_CREATED"] * 2
    both = ["PERSON_LOOKED_UP", "GROUP_CREATED", "GROUP_CREATED"]
    assert await log.found(actions=["GROUP_CREATED", "PERSON_LOOKED_UP", "GROUP_CREATED"]) == both
    assert await log.found(actions=["GROUP_UPDATED"]) == []
    assert await log.found(actions=[]) == []
    assert len(await log.found(actions=None)) == len(await log.found()) == 4


async def test_an_act_that_there_isnt_is_named_with_what_would_be_right(log: Log):
    given: dict[str, Any] = {"id": id_of(log.organisation), "filter": {"actions": ["GROUP_CREATE"]}}

    answer = await execute_operation(log.administrator, LOG, **given)

    assert answer.codes == ["BAD_INPUT"]
    [error] = answer.errors
    assert "Value 'GROUP_CREATE' does not exist in 'AuditAction' enum." in error["message"]
    assert "Did you mean the enum value 'GROUP_CREATED'" in error["message"]


async def test_it_is_narrowed_to_one_subject(log: Log):
    group, other = [await rows.a_group(log.organisation) for _ in range(2)]
    right = await rows.a_right(await rows.a_work_relation(organisation=log.organisation))
    task = await rows.a_self_registration(log.organisation)
    for subject in (group, other, right, task, group):
        await log.add("GROUP_UPDATED", type(subject).__name__, subject)

    assert await log.found(subjectId=id_of(group)) == ["Group"] * 2
    assert await log.found(subjectId=id_of(right)) == ["AccessRight"]
    assert await log.found(subjectId=global_id("SelfRegistrationTask", task.id)) == ["SelfRegistration"]
    nowhere = [global_id("Contract", group.id), global_id("SelfRegistration", task.id), "rubbish", ""]
    assert [await log.found(subjectId=each) for each in nowhere] == [[]] * 4


async def test_it_is_narrowed_to_one_actor(log: Log):
    colleague = await rows.a_user()
    await log.add("GROUP_CREATED", "of the administrator")
    await log.add("GROUP_CREATED", "of a colleague", actor=colleague)
    await log.add("CONTRACT_PUBLISHED", "of a system", actor=None, actor_name="Systeem")

    assert await log.found(actorId=id_of(colleague)) == ["of a colleague"]
    assert await log.found(actorId=id_of(log.actor)) == ["of the administrator"]
    nobody = [id_of(await rows.a_user()), global_id("Group", colleague.id), "rubbish"]
    assert [await log.found(actorId=each) for each in nobody] == [[]] * 3


async def test_from_is_in_it_and_until_is_not(log: Log):
    for minutes in (-1, 0, 1, 24 * 60 - 1, 24 * 60):
        await log.add("GROUP_CREATED", str(minutes), at=MIDNIGHT + timedelta(minutes=minutes))

    day: dict[str, Any] = {"from": "2026-11-24T00:00:00+01:00", "until": "2026-11-25T00:00:00+01:00"}
    assert await log.found(**day) == ["1439", "1", "0"]
    assert await log.found(**day | {"until": None}) == ["1440", "1439", "1", "0"]
    assert await log.found(until="2026-11-23T18:00:00.000000-05:00") == ["-1"]
    assert await log.found(**day | {"from": day["until"], "until": day["from"]}) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("2026-11-24T00:00:00", "with its time zone"),
        ("2026-11-24", "with its time zone"),
        ("2026-W48-2T00:00:00Z", "with its time zone"),
        ("gisteren", "with its time zone"),
        (1764000000, "with its time zone"),
        ("2026-11-31T00:00:00Z", "that exists"),
        ("2026-11-24T24:00:01Z", "that exists"),
        ("0001-01-01T00:00:00+14:00", "that exists"),
    ],
)
async def test_a_moment_must_say_its_distance_from_utc(log: Log, given: object, told: str):
    answer = await execute_operation(log.administrator, LOG, id=id_of(log.organisation), filter={"from": given})

    assert answer.codes == ["BAD_INPUT"]
    assert f"A moment {told} is expected, such as 2026-11-23T09:05:00+01:00" in answer.errors[0]["message"]


async def test_all_that_is_given_must_be_true(log: Log):
    group = await rows.a_group(log.organisation)
    colleague = await rows.a_user()
    await log.add("GROUP_UPDATED", "before", group, at=MIDNIGHT - timedelta(hours=1))
    await log.add("GROUP_UPDATED", "right", group, at=MIDNIGHT)
    await log.add("GROUP_DELETED", "otherwise", group, at=MIDNIGHT)
    await log.add("GROUP_UPDATED", "elsewhere", at=MIDNIGHT)
    await log.add("GROUP_UPDATED", "of another", group, actor=colleague, at=MIDNIGHT)

    asked: dict[str, Any] = {"actions": ["GROUP_UPDATED"], "subjectId": id_of(group), "actorId": id_of(log.actor)}
    assert await log.found(**asked | {"from": "2026-11-24T00:00:00+01:00"}) == ["right"]


async def test_an_access_manager_finds_nothing_more_by_a_filter(log: Log):
    group = await rows.a_group(log.organisation)
    await log.add("GROUP_CREATED", "of a group", group)
    await log.add("PERSON_LOOKED_UP", "of access")

    assert await log.found(log.manager) == ["of access"]
    for given in ({"subjectId": id_of(group)}, {"actions": ["GROUP_CREATED"]}):
        assert await log.found(log.manager, **given) == []
    assert await log.found(log.manager, actorId=id_of(log.actor)) == ["of access"]


async def test_another_organisations_log_is_never_found(log: Log):
    elsewhere = await rows.an_organisation()
    group = await rows.a_group(elsewhere)
    await log.add("GROUP_CREATED", "elsewhere", group, organisation=elsewhere)

    asked = ({"subjectId": id_of(group)}, {"actorId": id_of(log.actor)}, {"actions": ["GROUP_CREATED"]})
    assert [await log.found(**given) for given in asked] == [[]] * 3


MENU = "{ auditActions { action name aboutAccess } }"


async def test_the_acts_have_names_in_the_readers_language(log: Log):
    menus = {
        language: (await read(log.administrator, MENU, language=language))["auditActions"]
        for language in ("nl", "fr", "en", "de")
    }

    assert [each["action"] for each in menus["nl"]] == [action.value for action in AuditAction]
    [named] = [
        {language: each["name"] for language, menu in menus.items() for each in menu if each["action"] == action}
        for action in ("GROUP_CREATED",)
    ]
    assert named == {"nl": "Groep aangemaakt", "fr": "Groupe créé", "en": "Group created", "de": "Gruppe angelegt"}


async def test_nobody_reads_the_menu_who_is_not_signed_in(database: str):
    assert database
    answer = await execute_operation(NOBODY, MENU)

    assert answer.codes == ["UNAUTHENTICATED"]


async def test_an_entry_says_what_was_done_in_the_readers_language(log: Log):
    await log.add("GROUP_DELETED", "known")
    await log.add("GROUP_ARCHIVED", "of a day when it was called otherwise")
    document = """query($id: ID!) { node(id: $id) { ... on Organisation {
      auditLog { edges { node { action actionName } } } } } }"""

    told = (await read(log.administrator, document, language="nl", id=id_of(log.organisation)))["node"]["auditLog"]

    assert [edge["node"] for edge in told["edges"]] == [
        {"action": "GROUP_ARCHIVED", "actionName": "GROUP_ARCHIVED"},
        {"action": "GROUP_DELETED", "actionName": "Groep verwijderd"},
    ]


def actors(told: Any) -> list[str]:
    return [edge["node"]["actorName"] for edge in told["node"]["auditLog"]["edges"]]


@pytest.mark.parametrize(
    ("language", "system", "operator"),
    [
        ("nl", "Het systeem", "De systeembeheerder"),
        ("fr", "Le système", "L'exploitant du système"),
        ("en", "The system", "The operator"),
        ("de", "Das System", "Der Betreiber des Systems"),
    ],
)
async def test_who_acted_without_being_a_person_is_told_in_the_readers_language(
    log: Log, language: str, system: str, operator: str
):
    await log.add("GROUP_CREATED", "of a person")
    for name in ("Systeem van het agentschap", OPERATOR.name, SYSTEM.name, None):
        await log.add("GROUP_CREATED", "of none", actor=None, actor_name=name)

    told = await read(log.administrator, ACTORS, language=language, id=id_of(log.organisation))

    assert actors(told) == [system, system, operator, "Systeem van het agentschap", log.actor.full_name]


@pytest.mark.usefixtures("environment")
async def test_the_engine_tells_it_likewise(log: Log):
    for name in (OPERATOR.name, "Systeem van het agentschap"):
        await log.add("GROUP_CREATED", "of none", actor=None, actor_name=name)

    async with enable_engine():
        _, told = [await execute(log.administrator, ACTORS, id=id_of(log.organisation)) for _ in range(2)]

    assert told.fallback is None
    assert actors(told.data) == ["Systeem van het agentschap", "De systeembeheerder"]
