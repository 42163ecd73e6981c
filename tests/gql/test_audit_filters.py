"""The filter of the audit log: actions, a subject, an actor and a time range."""

from dataclasses import dataclass
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
"""The start of 24 November in Brussels."""


@dataclass
class Log:
    """An organisation's audit log.

    Attributes:
        organisation: The organisation.
        administrator: Reads all of it.
        manager: Reads the entries about access.
        actor: The user of the administrator, who made the entries unless another actor is given.
    """

    organisation: Organisation
    administrator: Actor
    manager: Actor
    actor: User

    async def add(self, action: str, reason: str, subject: Row | None = None, **columns: Any) -> None:
        """Adds an entry, which the tests recognise by its reason."""
        about = subject or self.organisation
        columns = {"organisation": self.organisation, "actor": self.actor, **columns}
        await AuditEntry.create(
            action=action, subject_type=type(about).__name__, subject_id=about.id, reason=reason, **columns
        )

    async def reasons(self, viewer: Actor | None = None, /, **log_filter: Any) -> list[str]:
        """The reasons of the entries that match a filter, newest first."""
        variables: dict[str, Any] = {"id": id_of(self.organisation), "filter": log_filter}
        log = (await read(viewer or self.administrator, LOG, **variables))["node"]["auditLog"]
        reasons = [edge["node"]["reason"] for edge in log["edges"]]
        assert log["totalCount"] == len(reasons)
        return reasons


@pytest.fixture
async def log(database: str) -> Log:
    assert database
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    manager = await rows.a_person_with_right(organisation, Role.USER)
    await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, await manager.user, organisation)
    return Log(organisation, person(administrator.user_id), person(manager.user_id), await administrator.user)


async def test_the_log_is_filtered_by_actions(log: Log):
    for action in ("GROUP_CREATED", "GROUP_DELETED", "GROUP_CREATED", "PERSON_LOOKED_UP"):
        await log.add(action, action)

    assert await log.reasons(actions=["GROUP_CREATED"]) == ["GROUP_CREATED"] * 2
    both = ["PERSON_LOOKED_UP", "GROUP_CREATED", "GROUP_CREATED"]
    assert await log.reasons(actions=["GROUP_CREATED", "PERSON_LOOKED_UP", "GROUP_CREATED"]) == both
    assert await log.reasons(actions=["GROUP_UPDATED"]) == []
    assert await log.reasons(actions=[]) == []
    assert len(await log.reasons(actions=None)) == len(await log.reasons()) == 4


async def test_an_unknown_action_is_refused_with_a_suggestion(log: Log):
    variables: dict[str, Any] = {"id": id_of(log.organisation), "filter": {"actions": ["GROUP_CREATE"]}}

    result = await execute_operation(log.administrator, LOG, **variables)

    assert result.codes == ["BAD_INPUT"]
    [error] = result.errors
    assert "Value 'GROUP_CREATE' does not exist in 'AuditAction' enum." in error["message"]
    assert "Did you mean the enum value 'GROUP_CREATED'" in error["message"]


async def test_the_log_is_filtered_by_subject(log: Log):
    group, other = [await rows.a_group(log.organisation) for _ in range(2)]
    right = await rows.a_right(await rows.a_work_relation(organisation=log.organisation))
    task = await rows.a_self_registration(log.organisation)
    for subject in (group, other, right, task, group):
        await log.add("GROUP_UPDATED", type(subject).__name__, subject)

    assert await log.reasons(subjectId=id_of(group)) == ["Group"] * 2
    assert await log.reasons(subjectId=id_of(right)) == ["AccessRight"]
    assert await log.reasons(subjectId=global_id("SelfRegistrationTask", task.id)) == ["SelfRegistration"]
    unknown_ids = [global_id("Contract", group.id), global_id("SelfRegistration", task.id), "rubbish", ""]
    assert [await log.reasons(subjectId=subject_id) for subject_id in unknown_ids] == [[]] * 4


async def test_the_log_is_filtered_by_actor(log: Log):
    colleague = await rows.a_user()
    await log.add("GROUP_CREATED", "of the administrator")
    await log.add("GROUP_CREATED", "of a colleague", actor=colleague)
    await log.add("CONTRACT_PUBLISHED", "of a system", actor=None, actor_name="Systeem")

    assert await log.reasons(actorId=id_of(colleague)) == ["of a colleague"]
    assert await log.reasons(actorId=id_of(log.actor)) == ["of the administrator"]
    other_ids = [id_of(await rows.a_user()), global_id("Group", colleague.id), "rubbish"]
    assert [await log.reasons(actorId=actor_id) for actor_id in other_ids] == [[]] * 3


async def test_the_time_range_includes_from_and_excludes_until(log: Log):
    for minutes in (-1, 0, 1, 24 * 60 - 1, 24 * 60):
        await log.add("GROUP_CREATED", str(minutes), at=MIDNIGHT + timedelta(minutes=minutes))

    day: dict[str, Any] = {"from": "2026-11-24T00:00:00+01:00", "until": "2026-11-25T00:00:00+01:00"}
    assert await log.reasons(**day) == ["1439", "1", "0"]
    assert await log.reasons(**day | {"until": None}) == ["1440", "1439", "1", "0"]
    assert await log.reasons(until="2026-11-23T18:00:00.000000-05:00") == ["-1"]
    assert await log.reasons(**day | {"from": day["until"], "until": day["from"]}) == []


@pytest.mark.parametrize(
    ("value", "problem"),
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
async def test_a_time_without_utc_offset_or_that_does_not_exist_is_refused(log: Log, value: object, problem: str):
    result = await execute_operation(log.administrator, LOG, id=id_of(log.organisation), filter={"from": value})

    assert result.codes == ["BAD_INPUT"]
    assert f"A moment {problem} is expected, such as 2026-11-23T09:05:00+01:00" in result.errors[0]["message"]


async def test_all_conditions_of_the_filter_must_hold(log: Log):
    group = await rows.a_group(log.organisation)
    colleague = await rows.a_user()
    await log.add("GROUP_UPDATED", "before", group, at=MIDNIGHT - timedelta(hours=1))
    await log.add("GROUP_UPDATED", "right", group, at=MIDNIGHT)
    await log.add("GROUP_DELETED", "otherwise", group, at=MIDNIGHT)
    await log.add("GROUP_UPDATED", "elsewhere", at=MIDNIGHT)
    await log.add("GROUP_UPDATED", "of another", group, actor=colleague, at=MIDNIGHT)

    log_filter: dict[str, Any] = {"actions": ["GROUP_UPDATED"], "subjectId": id_of(group), "actorId": id_of(log.actor)}
    assert await log.reasons(**log_filter | {"from": "2026-11-24T00:00:00+01:00"}) == ["right"]


async def test_a_filter_shows_an_access_manager_nothing_more(log: Log):
    group = await rows.a_group(log.organisation)
    await log.add("GROUP_CREATED", "of a group", group)
    await log.add("PERSON_LOOKED_UP", "of access")

    assert await log.reasons(log.manager) == ["of access"]
    for log_filter in ({"subjectId": id_of(group)}, {"actions": ["GROUP_CREATED"]}):
        assert await log.reasons(log.manager, **log_filter) == []
    assert await log.reasons(log.manager, actorId=id_of(log.actor)) == ["of access"]


async def test_a_filter_never_finds_entries_of_another_organisation(log: Log):
    elsewhere = await rows.an_organisation()
    group = await rows.a_group(elsewhere)
    await log.add("GROUP_CREATED", "elsewhere", group, organisation=elsewhere)

    filters = ({"subjectId": id_of(group)}, {"actorId": id_of(log.actor)}, {"actions": ["GROUP_CREATED"]})
    assert [await log.reasons(**log_filter) for log_filter in filters] == [[]] * 3


MENU = "{ auditActions { action name aboutAccess } }"


async def test_actions_are_named_in_the_language_of_the_request(log: Log):
    menus = {
        language: (await read(log.administrator, MENU, language=language))["auditActions"]
        for language in ("nl", "fr", "en", "de")
    }

    assert [entry["action"] for entry in menus["nl"]] == [action.value for action in AuditAction]
    names = {
        language: entry["name"]
        for language, menu in menus.items()
        for entry in menu
        if entry["action"] == "GROUP_CREATED"
    }
    assert names == {"nl": "Groep aangemaakt", "fr": "Groupe créé", "en": "Group created", "de": "Gruppe angelegt"}


async def test_the_actions_are_refused_to_an_anonymous_viewer(database: str):
    assert database
    result = await execute_operation(NOBODY, MENU)

    assert result.codes == ["UNAUTHENTICATED"]


async def test_the_action_of_an_entry_is_named_in_the_language_of_the_request(log: Log):
    await log.add("GROUP_DELETED", "known")
    await log.add("GROUP_ARCHIVED", "of an action that was renamed since")
    document = """query($id: ID!) { node(id: $id) { ... on Organisation {
      auditLog { edges { node { action actionName } } } } } }"""

    connection = (await read(log.administrator, document, language="nl", id=id_of(log.organisation)))["node"][
        "auditLog"
    ]

    assert [edge["node"] for edge in connection["edges"]] == [
        {"action": "GROUP_ARCHIVED", "actionName": "GROUP_ARCHIVED"},
        {"action": "GROUP_DELETED", "actionName": "Groep verwijderd"},
    ]


def actor_names(data: Any) -> list[str]:
    return [edge["node"]["actorName"] for edge in data["node"]["auditLog"]["edges"]]


@pytest.mark.parametrize(
    ("language", "system", "operator"),
    [
        ("nl", "Het systeem", "De systeembeheerder"),
        ("fr", "Le système", "L'exploitant du système"),
        ("en", "The system", "The operator"),
        ("de", "Das System", "Der Betreiber des Systems"),
    ],
)
async def test_system_and_operator_are_named_in_the_language_of_the_request(
    log: Log, language: str, system: str, operator: str
):
    await log.add("GROUP_CREATED", "of a person")
    for name in ("Systeem van het agentschap", OPERATOR.name, SYSTEM.name, None):
        await log.add("GROUP_CREATED", "of none", actor=None, actor_name=name)

    data = await read(log.administrator, ACTORS, language=language, id=id_of(log.organisation))

    assert actor_names(data) == [system, system, operator, "Systeem van het agentschap", log.actor.full_name]


@pytest.mark.usefixtures("environment")
async def test_the_engine_names_actors_like_the_executor(log: Log):
    for name in (OPERATOR.name, "Systeem van het agentschap"):
        await log.add("GROUP_CREATED", "of none", actor=None, actor_name=name)

    async with enable_engine():
        _, execution = [await execute(log.administrator, ACTORS, id=id_of(log.organisation)) for _ in range(2)]

    assert execution.fallback is None
    assert actor_names(execution.data) == ["Systeem van het agentschap", "De systeembeheerder"]
