"""Chapters 2.1.5 (Zelfregistratie) and 2.2 (Hoe meld ik aan) of the manual, sentence by sentence."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actor import Actor
from domain.models import AccessMandate, AccessMandateKind, Contract, OrganisationKind, WorkRelation
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import MANAGERS, Cast, cast
from tests.gql.access_manager_api import PARAMETERS, RIGHT, TASK, AccessManagerApi, four_years_from
from tests.gql.access_mutations import id_of
from tests.gql.execution import execute_operation, read
from tests.table_contents import assert_tables_unchanged
from tests.time_travel import travel_to

__all__ = ["cast"]
LINK = """query($n: EnterpriseNumber!, $roles: [Role!]) { organisation(enterpriseNumber: $n) {
  selfRegistrationLink(roles: $roles) { url enabled reason } } }"""
FORM = """query($link: SelfRegistrationLinkInput!) { selfRegistrationForm(link: $link) {
  organisationName roles mustChoose errors { code refusal path } } }"""
TASKS = """query($id: ID!) { node(id: $id) { ... on Organisation { tasks { edges { node { __typename id status
  ... on SelfRegistrationTask { requestedRoles applicant { id } workRelation { id } } } } } } } }"""
PAGE = "https://zelfregistratie-gebruikersbeheer.vlaanderen.be/user/aanvraag"
FIXED = "?&an=308&dg=EA&ec=MOW_eContracting_EA_CompEnt_Gebruiker"


@pytest.fixture
async def api(cast: Cast) -> AccessManagerApi:
    """An organisation with everyone."""
    return AccessManagerApi(cast)


async def an_applicant() -> Actor:
    return Actor(user_id=(await rows.a_user()).id)


async def registration_link(api: AccessManagerApi, roles: list[str] | None, who: str = "manager") -> dict[str, Any]:
    number = api.organisation.enterprise_number
    data = await read(api.actor(who), LINK, n=number, roles=roles)
    link: dict[str, Any] = data["organisation"]["selfRegistrationLink"]
    return link


async def open_tasks(api: AccessManagerApi, who: str = "manager") -> list[dict[str, Any]]:
    data = await read(api.actor(who), TASKS, id=id_of(api.organisation))
    return [edge["node"] for edge in data["node"]["tasks"]["edges"]]


async def approve(api: AccessManagerApi, task: str, *roles: str, who: str = "manager", **others: Any) -> dict[str, Any]:
    return await api.execute_mutation(
        who, "approveSelfRegistration", f"{TASK} {RIGHT}", id=task, roles=list(roles), **others
    )


# 2.1.5.1 Hoe genereer ik een link voor zelfregistratie?


@pytest.mark.parametrize("who", MANAGERS)
async def test_2_1_5_1_an_access_manager_gets_a_link_for_the_organisation_and_approves_the_request(
    api: AccessManagerApi, who: str
):
    assert (await registration_link(api, ["USER"], who))["url"].endswith(f"&oc={api.organisation.enterprise_number}")
    applicant = await an_applicant()
    task = await api.requested_task(applicant)
    assert await api.viewer_roles(applicant) is None
    today = (await rows.today()).isoformat()
    assert (await approve(api, task["id"], "USER", who=who, validFrom=today, validUntil=today))["errors"] == []
    assert await api.viewer_roles(applicant) == ["USER"]


async def test_2_1_5_1_the_link_works_only_while_there_is_a_main_access_manager(api: AccessManagerApi):
    applicant = await an_applicant()
    await AccessMandate.filter(kind=AccessMandateKind.MAIN_ACCESS_MANAGER).update(
        ended_at=await rows.now(), end_reason="Weg"
    )
    link = await registration_link(api, ["USER"])
    reason = "Self-registration doesn't work for this organisation: it has no main access manager."
    assert (link["enabled"], link["reason"]) == (False, reason)
    async with assert_tables_unchanged():
        payload = await api.request_self_registration(applicant)
    assert payload["errors"] == [
        {"code": "CONFLICT", "refusal": "SELF_REGISTRATION_CLOSED", "path": ["link", "oc"], "message": reason}
    ]


@pytest.mark.parametrize(
    ("roles", "ctx"),
    [
        (["ADMINISTRATOR", "USER"], "&ctx=Beheerder,Gebruiker"),
        (["USER", "ADMINISTRATOR"], "&ctx=Beheerder,Gebruiker"),
        (["ADMINISTRATOR"], "&ctx=Beheerder"),
        (["USER"], "&ctx=Gebruiker"),
        (None, ""),
    ],
)
async def test_2_1_5_1_the_link_differs_only_in_roles_and_enterprise_number(
    api: AccessManagerApi, roles: list[str] | None, ctx: str
):
    link = await registration_link(api, roles)
    assert link["url"] == f"{PAGE}{FIXED}{ctx}&oc={api.organisation.enterprise_number}"
    assert await registration_link(api, roles) == link


async def test_2_1_5_1_a_consortium_has_a_link_with_its_own_number(api: AccessManagerApi):
    consortium = await rows.an_organisation(kind=OrganisationKind.CONSORTIUM)
    manager = await rows.a_work_relation(organisation=consortium)
    await manager.fetch_related("user")
    await rows.a_mandate(AccessMandateKind.MAIN_ACCESS_MANAGER, manager.user, consortium)
    data = await read(api.cast.actor_of(manager), LINK, n=consortium.enterprise_number, roles=["USER"])
    url = data["organisation"]["selfRegistrationLink"]["url"]
    assert url == f"{PAGE}{FIXED}&ctx=Gebruiker&oc={consortium.enterprise_number}"


@pytest.mark.parametrize("ctx", ["Beheerder,Gebruiker", "Beheerder, Gebruiker", "Beheerder,%20Gebruiker"])
async def test_2_1_5_1_a_link_for_both_roles_requests_both(api: AccessManagerApi, ctx: str):
    assert (await api.requested_task(await an_applicant(), ctx=ctx))["requestedRoles"] == ["ADMINISTRATOR", "USER"]


@pytest.mark.parametrize(("ctx", "role"), [("Beheerder", "ADMINISTRATOR"), ("Gebruiker", "USER")])
async def test_2_1_5_1_a_link_for_one_role_requests_that_one_alone(api: AccessManagerApi, ctx: str, role: str):
    applicant = await an_applicant()
    other_role = "USER" if role == "ADMINISTRATOR" else "ADMINISTRATOR"
    async with assert_tables_unchanged():
        payload = await api.request_self_registration(applicant, ctx=ctx, roles=[other_role])
    assert [error["path"] for error in payload["errors"]] == [["roles"]]
    assert (await api.requested_task(applicant, ctx=ctx))["requestedRoles"] == [role]


async def test_2_1_5_1_with_a_link_without_roles_the_applicant_chooses_exactly_one(api: AccessManagerApi):
    variables: dict[str, Any] = {"link": PARAMETERS | {"oc": api.organisation.enterprise_number}}
    form = (await read(await an_applicant(), FORM, **variables))["selfRegistrationForm"]
    assert (form["roles"], form["mustChoose"]) == (["ADMINISTRATOR", "USER"], True)
    for chosen in ([], ["ADMINISTRATOR", "USER"]):
        async with assert_tables_unchanged():
            payload = await api.request_self_registration("newcomer", ctx=None, roles=chosen)
        assert [error["path"] for error in payload["errors"]] == [["roles"]]
    for role in ("ADMINISTRATOR", "USER"):
        assert (await api.requested_task(await an_applicant(), ctx=None, roles=[role]))["requestedRoles"] == [role]


# 2.1.5.2 Hoe kan ik als (hoofd)toegangsbeheerder een zelfregistratie goedkeuren?


async def test_2_1_5_2_open_tasks_are_listed_with_their_type_and_applicant(api: AccessManagerApi):
    applicant = await an_applicant()
    task = await api.requested_task(applicant, ctx="Beheerder,Gebruiker")
    [listed_task] = await open_tasks(api)
    assert listed_task == {
        "__typename": "SelfRegistrationTask",
        "id": task["id"],
        "status": "OPEN",
        "requestedRoles": ["ADMINISTRATOR", "USER"],
        "applicant": {"id": global_id("User", applicant.user_id or 0)},
        "workRelation": None,
    }


async def test_2_1_5_2_without_a_work_relation_the_approval_needs_its_days(api: AccessManagerApi):
    applicant = await an_applicant()
    task = await api.requested_task(applicant)
    async with assert_tables_unchanged():
        without_days = await approve(api, task["id"], "USER")
    assert [(error["code"], error["path"]) for error in without_days["errors"]] == [
        ("REQUIRED", ["validFrom"]),
        ("REQUIRED", ["validUntil"]),
    ]
    today = await rows.today()
    days = {"validFrom": today.isoformat(), "validUntil": (today + timedelta(days=30)).isoformat()}
    approved = await approve(api, task["id"], "USER", **days)
    assert (approved["errors"], approved["task"]["status"]) == ([], "APPROVED")
    relation = await WorkRelation.get(user_id=applicant.user_id)
    assert (relation.category, approved["right"]["workRelation"]) == ("PERMANENT", {"id": id_of(relation)})


async def test_2_1_5_2_with_a_work_relation_the_approval_needs_only_the_roles(api: AccessManagerApi):
    colleague = await api.cast.a_colleague()
    applicant = api.cast.actor_of(colleague)
    task = await api.requested_task(applicant)
    [listed_task] = await open_tasks(api)
    assert listed_task["workRelation"] == {"id": id_of(colleague)}
    approved = await approve(api, task["id"], "USER")
    assert (approved["errors"], approved["right"]["workRelation"]) == ([], {"id": id_of(colleague)})
    assert await api.viewer_roles(applicant) == ["USER"]


@pytest.mark.parametrize("category", ["PERMANENT", "EXTERNAL", "DELEGATED"])
async def test_2_1_5_2_the_approval_sets_the_category(api: AccessManagerApi, category: str):
    applicant = await an_applicant()
    task, today = await api.requested_task(applicant), (await rows.today()).isoformat()
    others = {"validFrom": today, "validUntil": today, "category": category}
    assert (await approve(api, task["id"], "USER", **others))["errors"] == []
    assert (await WorkRelation.get(user_id=applicant.user_id)).category == category


async def test_2_1_5_2_after_the_last_day_there_is_no_access_until_the_work_relation_is_extended(api: AccessManagerApi):
    applicant, today = await an_applicant(), await rows.today()
    task = await api.requested_task(applicant)
    last_day = today + timedelta(days=30)
    days = {"validFrom": today.isoformat(), "validUntil": last_day.isoformat()}
    assert (await approve(api, task["id"], "USER", who="legal", **days))["errors"] == []
    await travel_to(last_day)
    assert await api.viewer_roles(applicant) == ["USER"]
    await travel_to(last_day + timedelta(days=1))
    assert await api.viewer_roles(applicant) is None
    relation = await WorkRelation.get(user_id=applicant.user_id)
    extension = {"id": id_of(relation), "version": 1, "validUntil": (last_day + timedelta(days=1)).isoformat()}
    await api.execute_successfully("legal", "updateWorkRelation", "workRelation { status }", **extension)
    assert await api.viewer_roles(applicant) == ["USER"]


async def test_2_1_5_2_an_approved_work_relation_lasts_at_most_four_years(api: AccessManagerApi):
    applicant, today = await an_applicant(), await rows.today()
    task = await api.requested_task(applicant)
    last = four_years_from(today)
    days = {"validFrom": today.isoformat(), "validUntil": (last + timedelta(days=1)).isoformat()}
    async with assert_tables_unchanged():
        payload = await approve(api, task["id"], "USER", **days)
    [error] = payload["errors"]
    assert (error["refusal"], error["path"]) == ("WORK_RELATION_TOO_LONG", ["validUntil"])
    assert error["message"] == f"A work relation lasts at most 4 years: until {last:%d.%m.%Y}."
    assert (await approve(api, task["id"], "USER", **days | {"validUntil": last.isoformat()}))["errors"] == []


async def test_2_1_5_2_the_approved_roles_are_a_part_of_the_requested_ones(api: AccessManagerApi):
    colleague = await api.cast.a_colleague()
    task = await api.requested_task(api.cast.actor_of(colleague), ctx="Beheerder,Gebruiker")
    for roles in ([], ["USER", "USER"]):
        async with assert_tables_unchanged():
            payload = await approve(api, task["id"], *roles)
        assert [error["path"][0] for error in payload["errors"]] == ["roles"]
    assert (await approve(api, task["id"], "USER"))["errors"] == []
    assert await api.viewer_roles(api.cast.actor_of(colleague)) == ["USER"]


async def test_2_1_5_2_an_approved_task_leaves_the_list(api: AccessManagerApi):
    applicants = [api.cast.actor_of(await api.cast.a_colleague()) for _ in range(2)]
    first, second = [await api.requested_task(applicant) for applicant in applicants]
    assert {task["id"] for task in await open_tasks(api)} == {first["id"], second["id"]}
    assert (await approve(api, first["id"], "USER"))["errors"] == []
    assert [task["id"] for task in await open_tasks(api)] == [second["id"]]
    assert (await approve(api, second["id"], "USER", who="main-manager"))["errors"] == []
    assert await open_tasks(api) == []


# 2.2 Hoe meld ik aan op e-Contracting?


async def test_2_2_an_anonymous_viewer_reads_nothing(api: AccessManagerApi):
    assert await read(api.actor("nobody"), "{ viewer { user { id } } }") == {"viewer": None}
    result = await execute_operation(api.actor("nobody"), TASKS, id=id_of(api.organisation))
    assert result.codes == ["UNAUTHENTICATED"]


async def test_2_2_the_start_screen_shows_the_administrators(api: AccessManagerApi):
    expected = sorted(id_of(api.cast.people[name]) for name in ("legal", "admin"))
    for who in ("user", "admin", *MANAGERS):
        viewed = await api.viewer_organisation(who)
        assert viewed
        assert (
            sorted(administrator["user"]["id"] for administrator in viewed["organisation"]["administrators"])
            == expected
        )


async def test_2_2_the_abilities_depend_on_the_role(api: AccessManagerApi):
    for who, roles, abilities in (
        ("user", ["USER"], []),
        ("admin", ["ADMINISTRATOR"], ["ADMINISTER"]),
        ("manager", [], ["MANAGE_ACCESS"]),
    ):
        viewed = await api.viewer_organisation(who)
        assert viewed
        assert (viewed["roles"], viewed["organisation"]["viewerCan"]) == (roles, abilities)


async def test_2_2_a_beheerder_reads_all_contracts_unlike_a_gebruiker(api: AccessManagerApi):
    for _ in range(2):
        await rows.a_contract(api.organisation)
    contract_counts = {}
    for who in ("admin", "user"):
        viewed = await api.viewer_organisation(who)
        assert viewed
        contract_counts[who] = len(viewed["organisation"]["contracts"]["edges"])
    assert contract_counts == {"admin": await Contract.filter(organisation_id=api.organisation.id).count(), "user": 0}
    assert contract_counts["admin"] == 3
