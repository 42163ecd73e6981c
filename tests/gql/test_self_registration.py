"""Self-registration through the API: links, form, request, tasks, decision."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.actor import Actor
from domain.models import AccessMandate, Role
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import EVERYONE, MANAGERS, Cast, a_cast
from tests.conftest import Environment
from tests.gql.execution import execute_operation, read
from tests.table_contents import assert_tables_unchanged

LINK = """query ($n: EnterpriseNumber!, $roles: [Role!]) { organisation(enterpriseNumber: $n) {
  selfRegistrationLink(roles: $roles) { url enabled reason } } }"""
FORM = """query ($link: SelfRegistrationLinkInput!) { selfRegistrationForm(link: $link) {
  organisationName roles mustChoose errors { __typename code refusal message path } } }"""
REQUEST = """mutation ($input: RequestSelfRegistrationInput!) { requestSelfRegistration(input: $input) {
  task { id status requestedRoles workRelation { id }
    organisation { name enterpriseNumber email tasks { totalCount } } }
  errors { code refusal path } } }"""
APPROVE = """mutation ($input: ApproveSelfRegistrationInput!) { approveSelfRegistration(input: $input) {
  task { status decidedBy { fullName } decisionReason } right { roles active workRelation { category status } }
  errors { __typename code refusal message path
    ... on AlreadyDecidedError { decidedAt decidedBy { fullName } task { id status viewerCan } } } } }"""
REJECT = """mutation ($input: RejectSelfRegistrationInput!) { rejectSelfRegistration(input: $input) {
  task { status } errors { code refusal } } }"""


@pytest.fixture
async def cast(database: str) -> Cast:
    assert database
    return await a_cast()


def link_input(cast: Cast, **changes: Any) -> dict[str, Any]:
    number = cast.organisation.enterprise_number
    return {"an": "308", "dg": "EA", "ec": "MOW_eContracting_EA_CompEnt_Gebruiker", "oc": number} | changes


@pytest.mark.parametrize("who", EVERYONE)
async def test_only_access_managers_read_the_link(cast: Cast, who: str):
    result = await execute_operation(cast.actors[who], LINK, n=cast.organisation.enterprise_number, roles=["USER"])
    if who == "nobody":
        assert result.codes == ["UNAUTHENTICATED"]
        return
    organisation = result.data["organisation"]
    if who not in MANAGERS:
        assert organisation in (None, {"selfRegistrationLink": None})
        return
    assert organisation["selfRegistrationLink"] == {
        "url": "https://zelfregistratie-gebruikersbeheer.vlaanderen.be/user/aanvraag?&an=308&dg=EA"
        f"&ec=MOW_eContracting_EA_CompEnt_Gebruiker&ctx=Gebruiker&oc={cast.organisation.enterprise_number}",
        "enabled": True,
        "reason": None,
    }


async def test_the_page_of_the_link_is_a_setting(cast: Cast, environment: Environment):
    environment.set(SELF_REGISTRATION_URL="https://registratie.example/aanvraag")
    data = await read(cast.actors["manager"], LINK, n=cast.organisation.enterprise_number, roles=None)
    assert data["organisation"]["selfRegistrationLink"]["url"] == (
        "https://registratie.example/aanvraag?&an=308&dg=EA&ec=MOW_eContracting_EA_CompEnt_Gebruiker"
        f"&oc={cast.organisation.enterprise_number}"
    )


async def test_without_a_main_access_manager_the_link_is_disabled_with_the_reason(cast: Cast):
    main = cast.mandates["main-manager"]
    await AccessMandate.filter(id=main.id).update(ended_at=main.since + timedelta(seconds=1), end_reason="Wissel")
    data = await read(cast.actors["legal"], LINK, language="nl", n=cast.organisation.enterprise_number)
    link = data["organisation"]["selfRegistrationLink"]
    assert link["url"].endswith(f"Gebruiker&oc={cast.organisation.enterprise_number}")
    assert (link["enabled"], link["reason"]) == (
        False,
        "Zelfregistratie werkt niet voor deze organisatie: ze heeft geen hoofdtoegangsbeheerder.",
    )


async def test_the_form_of_a_link(cast: Cast):
    newcomer = cast.actors["newcomer"]
    form = (await read(newcomer, FORM, link=link_input(cast)))["selfRegistrationForm"]
    assert form == {
        "organisationName": cast.organisation.name,
        "roles": ["ADMINISTRATOR", "USER"],
        "mustChoose": True,
        "errors": [],
    }
    unknown = await read(newcomer, FORM, link=link_input(cast, oc="0123.456.749", ctx="Gebruiker"))
    [error] = unknown["selfRegistrationForm"]["errors"]
    assert (error["code"], error["refusal"], error["path"]) == (
        "CONFLICT",
        "SELF_REGISTRATION_CLOSED",
        ["link", "oc"],
    )
    errors = (await read(newcomer, FORM, link=link_input(cast, an="1", oc="x")))["selfRegistrationForm"]["errors"]
    assert [error["path"] for error in errors] == [["link", "an"], ["link", "oc"]]
    assert (await execute_operation(cast.actors["nobody"], FORM, link=link_input(cast))).codes == ["UNAUTHENTICATED"]


async def test_a_request_is_approved_once_and_becomes_a_right(cast: Cast):
    newcomer, manager = cast.actors["newcomer"], cast.actors["manager"]
    requested = await read(newcomer, REQUEST, input={"link": link_input(cast), "roles": ["USER"]})
    task = requested["requestSelfRegistration"]["task"]
    # The applicant reads their own task and the organisation's name and number, nothing else.
    organisation = task["organisation"]
    assert (organisation["name"], organisation["email"], organisation["tasks"]) == (cast.organisation.name, None, None)
    assert (task["status"], task["requestedRoles"], task["workRelation"]) == ("OPEN", ["USER"], None)

    today = (await rows.today()).isoformat()
    approval = {"id": task["id"], "roles": ["USER"], "validFrom": today, "validUntil": today, "category": "EXTERNAL"}
    approved = (await read(manager, APPROVE, input=approval))["approveSelfRegistration"]
    name = cast.people["manager"].full_name
    assert approved["task"] == {
        "status": "APPROVED",
        "decidedBy": {"fullName": name},
        "decisionReason": "Zelfregistratie",
    }
    assert approved["right"] == {
        "roles": ["USER"],
        "active": True,
        "workRelation": {"category": "EXTERNAL", "status": "ACTIVE"},
    }

    second = (await read(cast.actors["main-manager"], APPROVE, input=approval))["approveSelfRegistration"]
    [error] = second["errors"]
    assert (error["__typename"], error["code"], error["refusal"]) == (
        "AlreadyDecidedError",
        "CONFLICT",
        "ALREADY_DECIDED",
    )
    assert error["decidedBy"] == {"fullName": name}
    assert error["task"] == {"id": task["id"], "status": "APPROVED", "viewerCan": []}
    assert error["message"].startswith(f"{name} decided on this request already, on ")
    assert (second["task"], second["right"]) == (None, None)


APPROVE_RETURNING = """mutation ($input: ApproveSelfRegistrationInput!) { approveSelfRegistration(input: $input) {
  right { roles } formerMemberships { kind group { id } workRelation { status } } errors { refusal } } }"""


@pytest.mark.parametrize("who", ["legal", "manager"])
async def test_an_administrator_who_approves_reads_the_former_memberships(cast: Cast, who: str):
    applicant, today = await rows.a_user(), await rows.today()
    former = await rows.a_work_relation(applicant, cast.organisation, last_day=today - timedelta(days=1))
    membership = await rows.a_membership(await rows.a_group(cast.organisation), former)
    task = await rows.a_self_registration(cast.organisation, applicant, Role.USER)
    period = {"validFrom": today.isoformat(), "validUntil": (today + timedelta(days=30)).isoformat()}
    approval = {"id": global_id("SelfRegistrationTask", task.id), "roles": ["USER"]} | period

    payload = (await read(cast.actors[who], APPROVE_RETURNING, input=approval))["approveSelfRegistration"]

    former_membership = {
        "kind": "FIXED",
        "group": {"id": global_id("Group", membership.group_id)},
        "workRelation": {"status": "EXPIRED"},
    }
    assert (payload["errors"], payload["right"]) == ([], {"roles": ["USER"]})
    assert payload["formerMemberships"] == ([former_membership] if who == "legal" else None)


async def test_there_are_no_former_memberships_without_a_new_work_relation(cast: Cast):
    relation = await cast.a_colleague()
    task = await rows.a_self_registration(cast.organisation, await relation.user, Role.USER)
    approval = {"id": global_id("SelfRegistrationTask", task.id), "roles": ["USER"]}

    approved, second = [
        (await read(cast.actors["legal"], APPROVE_RETURNING, input=approval))["approveSelfRegistration"]
        for _ in range(2)
    ]

    assert (approved["errors"], approved["right"], approved["formerMemberships"]) == ([], {"roles": ["USER"]}, None)
    assert (second["right"], second["formerMemberships"]) == (None, None)


async def test_a_decided_task_shows_names_only(cast: Cast):
    document = """query($id: ID!) { node(id: $id) { ... on SelfRegistrationTask {
      status email phone applicant { fullName birthDate maskedNationalNumber } } } }"""
    personal = {"given_name": "Lotte", "family_name": "Michiels", "birth_date": date(1985, 7, 30)}
    applicant = await rows.a_user(national_number="85073003328", **personal)
    contact = {"email": "lotte@elders.example", "phone": "+32 2 553 17 00"}
    task = await rows.a_self_registration(cast.organisation, applicant, Role.USER, **contact)
    whole_person = {"fullName": "Lotte Michiels", "birthDate": "1985-07-30", "maskedNationalNumber": "85.07.30-***.**"}
    name_only = {"fullName": "Lotte Michiels", "birthDate": None, "maskedNationalNumber": None}

    async def task_as_seen_by(actor: Actor) -> Any:
        return (await read(actor, document, id=global_id("SelfRegistrationTask", task.id)))["node"]

    for who in MANAGERS:
        assert await task_as_seen_by(cast.actors[who]) == {"status": "OPEN", **contact, "applicant": whole_person}
    rejection = {"id": global_id("SelfRegistrationTask", task.id), "reason": "Niet gekend"}
    await read(cast.actors["manager"], REJECT, input=rejection)
    for who in MANAGERS:
        hidden = {"status": "REJECTED", "email": None, "phone": None, "applicant": name_only}
        assert await task_as_seen_by(cast.actors[who]) == hidden
    assert await task_as_seen_by(Actor(user_id=applicant.id)) == {
        "status": "REJECTED",
        **contact,
        "applicant": whole_person,
    }


@pytest.mark.parametrize("who", [name for name in EVERYONE if name not in MANAGERS])
async def test_everyone_else_is_refused_and_changes_nothing(cast: Cast, who: str):
    task = await rows.a_self_registration(cast.organisation, cast.people["newcomer"], Role.USER)
    approval = {"id": global_id("SelfRegistrationTask", task.id), "roles": ["USER"], "reason": "Neen"}
    async with assert_tables_unchanged():
        approved = await execute_operation(cast.actors[who], APPROVE, input=approval)
        rejected = await execute_operation(cast.actors[who], REJECT, input={"id": approval["id"], "reason": "Neen"})
    if who == "nobody":
        assert approved.codes == rejected.codes == ["UNAUTHENTICATED"]
        return
    expected = "FORBIDDEN" if who == "newcomer" else "NOT_FOUND"
    assert [error["code"] for error in approved.data["approveSelfRegistration"]["errors"]] == [expected]
    assert [error["code"] for error in rejected.data["rejectSelfRegistration"]["errors"]] == [expected]


async def test_an_id_of_another_type_is_not_found(cast: Cast):
    task = await rows.a_self_registration(cast.organisation)
    for task_id in (global_id("SelfRegistration", task.id), global_id("User", task.id), "rubbish"):
        data = await read(cast.actors["manager"], REJECT, input={"id": task_id, "reason": "Neen"})
        assert [error["code"] for error in data["rejectSelfRegistration"]["errors"]] == ["NOT_FOUND"]
