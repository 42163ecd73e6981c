"""Self-registration, sentence by sentence of the manual (2.1.5.1)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.models import AccessRight, AuditEntry, Role, SelfRegistration, TaskStatus, WorkRelationPeriod
from domain.refusals import (
    ChooseOneRole,
    EmailAddressInvalid,
    NothingToAskFor,
    PersonRequired,
    PhoneInvalid,
    RolesFixedByLink,
    SelfRegistrationClosed,
    SelfRegistrationLinkInvalid,
)
from domain.rules.self_registration import SelfRegistrationRequest, request_self_registration
from domain.rules.self_registration_form import self_registration_form
from domain.self_registration_link import APPLICATION, DOMAIN, RIGHT, LinkParameters
from tests import rows
from tests.access_cast import Cast
from tests.refusals import assert_refused
from tests.table_contents import assert_tables_unchanged

BOTH = [Role.ADMINISTRATOR, Role.USER]


def link_of(cast: Cast, ctx: str | None = "Gebruiker", **changed: Any) -> LinkParameters:
    fields = {"an": APPLICATION, "dg": DOMAIN, "ec": RIGHT, "ctx": ctx, "oc": cast.organisation.enterprise_number}
    return LinkParameters(**fields | changed)


async def request(cast: Cast, who: str = "newcomer", ctx: str | None = "Gebruiker", **fields: Any) -> SelfRegistration:
    return await request_self_registration(
        actor=cast.actors[who], request=SelfRegistrationRequest(link_of(cast, ctx), **fields)
    )


async def without_main_access_manager(cast: Cast) -> None:
    mandate = cast.mandates["main-manager"]
    mandate.update_from_dict({"ended_at": await rows.now(), "end_reason": "Uit dienst"})
    await mandate.save()


@pytest.mark.parametrize(
    ("ctx", "roles"),
    [("Beheerder,Gebruiker", BOTH), ("Beheerder", [Role.ADMINISTRATOR]), ("Gebruiker", [Role.USER])],
)
async def test_a_request_asks_for_the_roles_of_the_link(cast: Cast, ctx: str, roles: list[Role]):
    form = await self_registration_form(link_of(cast, ctx))
    assert (form.organisation_name, form.roles, form.must_choose) == (cast.organisation.name, roles, False)

    task = await request(cast, ctx=ctx, email="new@aannemer.example", phone="+32 2 553 17 00")

    assert (task.organisation_id, task.applicant_id) == (cast.organisation.id, cast.people["newcomer"].id)
    assert (task.asks_administrator, task.asks_user) == (Role.ADMINISTRATOR in roles, Role.USER in roles)
    assert (task.status, task.email, task.phone) == (TaskStatus.OPEN, "new@aannemer.example", "+32 2 553 17 00")
    entry = await AuditEntry.get(action="SELF_REGISTRATION_REQUESTED")
    assert (entry.actor_id, entry.subject_id, entry.after["roles"]) == (task.applicant_id, task.id, roles)
    # The address is sealed with the applicant's key.
    assert set(entry.after["email"]) == {"sealed", "person"}


@pytest.mark.parametrize("role", BOTH)
async def test_without_roles_in_the_link_the_applicant_chooses_one(cast: Cast, role: Role):
    form = await self_registration_form(link_of(cast, None))
    assert (form.roles, form.must_choose) == (BOTH, True)
    task = await request(cast, ctx=None, roles=[role])
    assert (task.asks_administrator, task.asks_user) == (role is Role.ADMINISTRATOR, role is Role.USER)


@pytest.mark.parametrize("roles", [None, [], BOTH, [Role.USER, Role.USER]])
async def test_the_applicant_chooses_exactly_one_role(cast: Cast, roles: list[Role] | None):
    async with assert_refused(ChooseOneRole, "roles"):
        await request(cast, ctx=None, roles=roles)


async def test_the_roles_of_the_link_cannot_be_changed(cast: Cast):
    await request(cast, ctx="Gebruiker", roles=[Role.USER])
    for roles in ([Role.ADMINISTRATOR], BOTH, []):
        async with assert_refused(RolesFixedByLink, "roles"):
            await request(cast, ctx="Gebruiker", roles=roles)


async def test_the_link_works_only_with_a_main_access_manager(cast: Cast):
    await without_main_access_manager(cast)
    async with assert_refused(SelfRegistrationClosed, "link", "oc"):
        await request(cast)
    async with assert_refused(SelfRegistrationClosed, "link", "oc"):
        await self_registration_form(link_of(cast))


async def test_the_link_does_not_work_when_the_work_relation_of_the_main_access_manager_has_expired(cast: Cast):
    yesterday = await rows.today() - timedelta(days=1)
    await WorkRelationPeriod.filter(work_relation=cast.relations["main-manager"]).update(valid_until=yesterday)
    async with assert_refused(SelfRegistrationClosed, "link", "oc"):
        await request(cast)


async def test_an_unknown_organisation_is_refused_like_one_without_main_access_manager(cast: Cast):
    unknown = link_of(cast, oc=rows.an_enterprise_number())
    async with assert_refused(SelfRegistrationClosed, "link", "oc"):
        await request_self_registration(actor=cast.actors["newcomer"], request=SelfRegistrationRequest(unknown))
    async with assert_refused(SelfRegistrationClosed, "link", "oc"):
        await self_registration_form(unknown)


async def test_a_second_request_returns_the_open_task(cast: Cast):
    first = await request(cast)
    async with assert_tables_unchanged():
        assert (await request(cast, ctx="Beheerder")).id == first.id


async def test_concurrent_requests_create_one_task(cast: Cast):
    tasks = await asyncio.gather(*(request(cast) for _ in range(5)))
    assert len({task.id for task in tasks}) == 1
    assert await SelfRegistration.all().count() == 1


async def test_a_new_task_can_be_requested_after_a_decision(cast: Cast):
    decided = await rows.a_self_registration(cast.organisation, cast.people["newcomer"], status=TaskStatus.REJECTED)
    assert (await request(cast)).id != decided.id


@pytest.mark.parametrize(
    ("who", "ctx", "roles", "path"),
    [
        ("user", "Gebruiker", None, ("link", "ctx")),
        ("admin", "Beheerder", None, ("link", "ctx")),
        ("user", None, [Role.USER], ("roles",)),
    ],
)
async def test_a_request_for_a_role_that_the_applicant_has_is_refused(
    cast: Cast, who: str, ctx: str | None, roles: list[Role] | None, path: tuple[str, ...]
):
    period = await WorkRelationPeriod.get(work_relation=cast.relations[who])

    async with assert_refused(NothingToAskFor, *path, first_day=period.valid_from, last_day=period.valid_until):
        await request(cast, who, ctx, roles=roles)


async def test_a_request_for_a_role_of_an_upcoming_work_relation_is_refused(cast: Cast):
    tomorrow = await rows.today() + timedelta(days=1)
    relation = await cast.a_colleague(first_day=tomorrow)
    await rows.a_right(relation)
    cast.actors["colleague"] = cast.actor_of(relation)
    period = await WorkRelationPeriod.get(work_relation=relation)

    async with assert_refused(NothingToAskFor, "link", "ctx", first_day=tomorrow, last_day=period.valid_until):
        await request(cast, "colleague")


@pytest.mark.parametrize(
    ("who", "ctx"),
    [("user", "Beheerder"), ("user", "Beheerder,Gebruiker"), ("admin", "Gebruiker"), ("manager", "Gebruiker")],
)
async def test_a_request_for_a_role_that_the_applicant_lacks_creates_a_task(cast: Cast, who: str, ctx: str):
    assert (await request(cast, who, ctx)).status is TaskStatus.OPEN


async def test_a_role_that_was_lost_can_be_requested_again(cast: Cast):
    right = await AccessRight.get(work_relation=cast.relations["user"])
    right.update_from_dict({"revoked_at": await rows.now(), "revocation_reason": "Andere taak"})
    await right.save()
    yesterday = await rows.today() - timedelta(days=1)
    await WorkRelationPeriod.filter(work_relation=cast.relations["admin"]).update(valid_until=yesterday)

    assert (await request(cast, "user")).status is TaskStatus.OPEN
    assert (await request(cast, "admin", "Beheerder")).status is TaskStatus.OPEN


async def test_invalid_fields_are_refused(cast: Cast):
    async with assert_refused(EmailAddressInvalid, "email"):
        await request(cast, email="nobody")
    async with assert_refused(PhoneInvalid, "phone"):
        await request(cast, phone="bel mij")
    async with assert_refused(SelfRegistrationLinkInvalid, "link", "an"):
        await request_self_registration(
            actor=cast.actors["newcomer"], request=SelfRegistrationRequest(link_of(cast, an="1"))
        )


@pytest.mark.parametrize("who", ["machine", "nobody"])
async def test_only_people_request_a_right(cast: Cast, who: str):
    async with assert_refused(PersonRequired):
        await request(cast, who)
