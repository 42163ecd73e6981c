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


async def link(api: AccessManagerApi, roles: list[str] | None, who: str = "manager") -> dict[str, Any]:
    number = api.organisation.enterprise_number
    found = await read(api.actor(who), LINK, n=number, roles=roles)
    told: dict[str, Any] = found["organisation"]["selfRegistrationLink"]
    return told


async def tasks(api: AccessManagerApi, who: str = "manager") -> list[dict[str, Any]]:
    found = await read(api.actor(who), TASKS, id=id_of(api.organisation))
    return [edge["node"] for edge in found["node"]["tasks"]["edges"]]


async def approve(api: AccessManagerApi, task: str, *roles: str, who: str = "manager", **given: Any) -> dict[str, Any]:
    return await api.execute_mutation(
        who, "approveSelfRegistration", f"{TASK} {RIGHT}", id=task, roles=list(roles), **given
    )


# 2.1.5.1 Hoe genereer ik een link voor zelfregistratie?


@pytest.mark.parametrize("who", MANAGERS)
async def test_2_1_5_1_an_access_manager_gets_a_link_for_the_right_organisation_and_approves_what_comes(
    api: AccessManagerApi, who: str
):
    assert (await link(api, ["USER"], who))["url"].endswith(f"&oc={api.organisation.enterprise_number}")
    applicant = await an_applicant()
    task = await api.requested_task(applicant)
    assert await api.viewer_roles(applicant) is None
    today = (await rows.today()).isoformat()
    assert (await approve(api, task["id"], "USER", who=who, validFrom=today, validUntil=today))["errors"] == []
    assert await api.viewer_roles(applicant) == ["USER"]


async def test_2_1_5_1_the_link_works_only_when_there_is_a_main_access_manager(api: AccessManagerApi):
    applicant = await an_applicant()
    await AccessMandate.filter(kind=AccessMandateKind.MAIN_ACCESS_MANAGER).update(
        ended_at=await rows.now(), end_reason="Weg"
    )
    told = await link(api, ["USER"])
    reason = "Self-registration doesn't work for this organisation: it has no main access manager."
    assert (told["enabled"], told["reason"]) == (False, reason)
    async with assert_tables_unchanged():
        answer = await api.request_self_registration(applicant)
    assert answer["errors"] == [
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
async def test_2_1_5_1_the_link_is_fixed_but_for_roles_and_number(
    api: AccessManagerApi, roles: list[str] | None, ctx: str
):
    told = await link(api, roles)
    assert told["url"] == f"{PAGE}{FIXED}{ctx}&oc={api.organisation.enterprise_number}"
    assert await link(api, roles) == told


async def test_2_1_5_1_a_consortium_has_a_link_with_its_own_number(api: AccessManagerApi):
    consortium = await rows.an_organisation(kind=OrganisationKind.CONSORTIUM)
    head = await rows.a_work_relation(organisation=consortium)
    await head.fetch_related("user")
    await rows.a_mandate(AccessMandateKind.MAIN_ACCESS_MANAGER, head.user, consortium)
    found = await read(api.cast.actor_of(head), LINK, n=consortium.enterprise_number, roles=["USER"])
    url = found["organisation"]["selfRegistrationLink"]["url"]
    assert url == f"{PAGE}{FIXED}&ctx=Gebruiker&oc={consortium.enterprise_number}"


@pytest.mark.parametrize("ctx", ["Beheerder,Gebruiker", "Beheerder, Gebruiker", "Beheerder,%20Gebruiker"])
async def test_2_1_5_1_a_link_for_both_roles_asks_for_both(api: AccessManagerApi, ctx: str):
    assert (await api.requested_task(await an_applicant(), ctx=ctx))["requestedRoles"] == ["ADMINISTRATOR", "USER"]


@pytest.mark.parametrize(("ctx", "role"), [("Beheerder", "ADMINISTRATOR"), ("Gebruiker", "USER")])
async def test_2_1_5_1_a_link_for_one_role_asks_for_that_one_alone(api: AccessManagerApi, ctx: str, role: str):
    applicant = await an_applicant()
    other = "USER" if role == "ADMINISTRATOR" else "ADMINISTRATOR"
    async with assert_tables_unchanged():
        answer = await api.request_self_registration(applicant, ctx=ctx, roles=[other])
    assert [error["path"] for error in answer["errors"]] == [["roles"]]
    assert (await api.requested_task(applicant, ctx=ctx))["requestedRoles"] == [role]


async def test_2_1_5_1_with_a_link_without_roles_people_choose_one_themselves(api: AccessManagerApi):
    form: dict[str, Any] = {"link": PARAMETERS | {"oc": api.organisation.enterprise_number}}
    offered = (await read(await an_applicant(), FORM, **form))["selfRegistrationForm"]
    assert (offered["roles"], offered["mustChoose"]) == (["ADMINISTRATOR", "USER"], True)
    for chosen in ([], ["ADMINISTRATOR", "USER"]):
        async with assert_tables_unchanged():
            answer = await api.request_self_registration("newcomer", ctx=None, roles=chosen)
        assert [error["path"] for error in answer["errors"]] == [["roles"]]
    for role in ("ADMINISTRATOR", "USER"):
        assert (await api.requested_task(await an_applicant(), ctx=None, roles=[role]))["requestedRoles"] == [role]


# 2.1.5.2 Hoe kan ik als (hoofd)toegangsbeheerder een zelfregistratie goedkeuren?


async def test_2_1_5_2_open_tasks_are_listed_known_by_their_type_and_shown_in_detail(api: AccessManagerApi):
    applicant = await an_applicant()
    task = await api.requested_task(applicant, ctx="Beheerder,Gebruiker")
    [listed] = await tasks(api)
    assert listed == {
        "__typename": "SelfRegistrationTask",
        "id": task["id"],
        "status": "OPEN",
        "requestedRoles": ["ADMINISTRATOR", "USER"],
        "applicant": {"id": global_id("User", applicant.user_id or 0)},
        "workRelation": None,
    }


async def test_2_1_5_2_without_a_work_relation_there_are_five_steps(api: AccessManagerApi):
    applicant = await an_applicant()
    task = await api.requested_task(applicant)
    async with assert_tables_unchanged():
        short = await approve(api, task["id"], "USER")
    assert [(error["code"], error["path"]) for error in short["errors"]] == [
        ("REQUIRED", ["validFrom"]),
        ("REQUIRED", ["validUntil"]),
    ]
    today = await rows.today()
    days = {"validFrom": today.isoformat(), "validUntil": (today + timedelta(days=30)).isoformat()}
    approved = await approve(api, task["id"], "USER", **days)
    assert (approved["errors"], approved["task"]["status"]) == ([], "APPROVED")
    relation = await WorkRelation.get(user_id=applicant.user_id)
    assert (relation.category, approved["right"]["workRelation"]) == ("PERMANENT", {"id": id_of(relation)})


async def test_2_1_5_2_with_a_work_relation_two_steps_are_enough(api: AccessManagerApi):
    colleague = await api.cast.a_colleague()
    applicant = api.cast.actor_of(colleague)
    task = await api.requested_task(applicant)
    [listed] = await tasks(api)
    assert listed["workRelation"] == {"id": id_of(colleague)}
    approved = await approve(api, task["id"], "USER")
    assert (approved["errors"], approved["right"]["workRelation"]) == ([], {"id": id_of(colleague)})
    assert await api.viewer_roles(applicant) == ["USER"]


@pytest.mark.parametrize("category", ["PERMANENT", "EXTERNAL", "DELEGATED"])
async def test_2_1_5_2_the_category_can_be_another_one(api: AccessManagerApi, category: str):
    applicant = await an_applicant()
    task, today = await api.requested_task(applicant), (await rows.today()).isoformat()
    given = {"validFrom": today, "validUntil": today, "category": category}
    assert (await approve(api, task["id"], "USER", **given))["errors"] == []
    assert (await WorkRelation.get(user_id=applicant.user_id)).category == category


async def test_2_1_5_2_after_the_last_day_the_person_has_no_access_until_a_new_last_day_is_given(api: AccessManagerApi):
    applicant, today = await an_applicant(), await rows.today()
    task = await api.requested_task(applicant)
    last = today + timedelta(days=30)
    days = {"validFrom": today.isoformat(), "validUntil": last.isoformat()}
    assert (await approve(api, task["id"], "USER", who="legal", **days))["errors"] == []
    await travel_to(last)
    assert await api.viewer_roles(applicant) == ["USER"]
    await travel_to(last + timedelta(days=1))
    assert await api.viewer_roles(applicant) is None
    relation = await WorkRelation.get(user_id=applicant.user_id)
    given = {"id": id_of(relation), "version": 1, "validUntil": (last + timedelta(days=1)).isoformat()}
    await api.execute_successfully("legal", "updateWorkRelation", "workRelation { status }", **given)
    assert await api.viewer_roles(applicant) == ["USER"]


async def test_2_1_5_2_four_years_are_the_most(api: AccessManagerApi):
    applicant, today = await an_applicant(), await rows.today()
    task = await api.requested_task(applicant)
    last = four_years_from(today)
    days = {"validFrom": today.isoformat(), "validUntil": (last + timedelta(days=1)).isoformat()}
    async with assert_tables_unchanged():
        answer = await approve(api, task["id"], "USER", **days)
    [error] = answer["errors"]
    assert (error["refusal"], error["path"]) == ("WORK_RELATION_TOO_LONG", ["validUntil"])
    assert error["message"] == f"A work relation lasts at most 4 years: until {last:%d.%m.%Y}."
    assert (await approve(api, task["id"], "USER", **days | {"validUntil": last.isoformat()}))["errors"] == []


async def test_2_1_5_2_the_roles_that_were_asked_for_can_be_changed(api: AccessManagerApi):
    colleague = await api.cast.a_colleague()
    task = await api.requested_task(api.cast.actor_of(colleague), ctx="Beheerder,Gebruiker")
    for roles in ([], ["USER", "USER"]):
        async with assert_tables_unchanged():
            answer = await approve(api, task["id"], *roles)
        assert [error["path"][0] for error in answer["errors"]] == ["roles"]
    assert (await approve(api, task["id"], "USER"))["errors"] == []
    assert await api.viewer_roles(api.cast.actor_of(colleague)) == ["USER"]


async def test_2_1_5_2_once_approved_the_list_of_tasks_shows_the_next_one(api: AccessManagerApi):
    first, second = (await api.cast.a_colleague(), await api.cast.a_colleague())
    done, left = [await api.requested_task(api.cast.actor_of(one)) for one in (first, second)]
    assert {one["id"] for one in await tasks(api)} == {done["id"], left["id"]}
    assert (await approve(api, done["id"], "USER"))["errors"] == []
    assert [one["id"] for one in await tasks(api)] == [left["id"]]
    assert (await approve(api, left["id"], "USER", who="main-manager"))["errors"] == []
    assert await tasks(api) == []


# 2.2 Hoe meld ik aan op e-Contracting?


async def test_2_2_whoever_has_not_signed_in_sees_nothing(api: AccessManagerApi):
    assert await read(api.actor("nobody"), "{ viewer { user { id } } }") == {"viewer": None}
    answer = await execute_operation(api.actor("nobody"), TASKS, id=id_of(api.organisation))
    assert answer.codes == ["UNAUTHENTICATED"]


async def test_2_2_the_start_screen_shows_who_the_administrators_are(api: AccessManagerApi):
    expected = sorted(id_of(api.cast.people[name]) for name in ("legal", "admin"))
    for who in ("user", "admin", *MANAGERS):
        found = await api.viewer_organisation(who)
        assert found
        assert sorted(one["user"]["id"] for one in found["organisation"]["administrators"]) == expected


async def test_2_2_what_can_be_done_depends_on_the_role(api: AccessManagerApi):
    for who, roles, abilities in (
        ("user", ["USER"], []),
        ("admin", ["ADMINISTRATOR"], ["ADMINISTER"]),
        ("manager", [], ["MANAGE_ACCESS"]),
    ):
        found = await api.viewer_organisation(who)
        assert found
        assert (found["roles"], found["organisation"]["viewerCan"]) == (roles, abilities)


async def test_2_2_a_beheerder_reads_all_contracts_unlike_a_gebruiker(api: AccessManagerApi):
    for _ in range(2):
        await rows.a_contract(api.organisation)
    seen = {}
    for who in ("admin", "user"):
        found = await api.viewer_organisation(who)
        assert found
        seen[who] = len(found["organisation"]["contracts"]["edges"])
    assert seen == {"admin": await Contract.filter(organisation_id=api.organisation.id).count(), "user": 0}
    assert seen["admin"] == 3
