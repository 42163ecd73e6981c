"""Updating a group (manual 3.2, domain 4)."""

from datetime import timedelta

import pytest

from domain.models import (
    Action,
    AuditEntry,
    DocumentLevel,
    Group,
    GroupReferenceLevel,
    GroupThemeLevel,
    Membership,
    Notification,
    ReferenceLevel,
    Theme,
)
from domain.refusals import (
    ContractTypeUnknown,
    EmailAddressInvalid,
    Forbidden,
    GivenTwice,
    GroupDeleted,
    GroupNameTaken,
    GroupRenamedToInactive,
    MemberWithoutActiveRight,
    NotFound,
    Required,
    StaleVersion,
    ThemeHidden,
    ThemeUnknown,
)
from domain.rules.group_name import InactiveGroupChoice
from tests import rows
from tests.access_cast import EVERYONE, Cast
from tests.domain.rules.team import Team, a_team
from tests.refusals import assert_refusals, assert_refused
from tests.table_contents import assert_tables_unchanged
from tests.time_travel import travel_to

INVOICING = "INVOICING"


@pytest.fixture
async def team(cast: Cast) -> Team:
    """A linked group with a member."""
    return await a_team(cast)


async def levels_of(group: Group) -> list[tuple[DocumentLevel, bool]]:
    rows_of_group = await GroupThemeLevel.filter(group_id=group.id).order_by("id")
    return [(row.level, row.valid_to is None) for row in rows_of_group]


async def members(group: Group) -> list[int]:
    return [row.user_id for row in await Membership.filter(group_id=group.id, ended_at=None).order_by("id")]


async def test_a_field_that_is_left_out_is_unchanged(team: Team):
    group = await team.update(description="Werven ten noorden van Antwerpen")

    stored = await Group.get(id=group.id)
    assert (stored.name, stored.email) == ("Ploeg Noord", "noord@aannemer.example")
    assert (stored.description, stored.version) == ("Werven ten noorden van Antwerpen", 2)
    assert await levels_of(group) == [(DocumentLevel.SEND, True)]
    assert await members(group) == [team.member.user_id]


async def test_null_empties_the_email(team: Team):
    assert (await team.update(email=None)).email is None
    entry = await AuditEntry.get(action="GROUP_UPDATED")
    assert (entry.before, entry.after) == ({"email": "noord@aannemer.example"}, {"email": None})


async def test_an_update_to_the_same_values_changes_nothing(team: Team):
    async with assert_tables_unchanged():
        group = await team.update(
            name=" Ploeg  Noord ", theme_levels=[(INVOICING, DocumentLevel.SEND)], member_user_ids=[team.member.user_id]
        )
    assert group.version == 1


async def test_a_changed_level_is_closed_and_a_new_one_opened(team: Team):
    await team.update(theme_levels=[(INVOICING, DocumentLevel.READ)])

    assert await levels_of(team.group) == [(DocumentLevel.SEND, False), (DocumentLevel.READ, True)]
    closed, opened = await GroupThemeLevel.filter(group_id=team.group.id).order_by("id")
    assert closed.valid_to == opened.valid_from


async def test_a_type_that_is_not_listed_keeps_its_level(team: Team):
    await team.update(reference_levels=[("CONTRACT", ReferenceLevel.WRITE)])
    await team.update(reference_levels=[("EXTENDABLE_CONTRACT", ReferenceLevel.WRITE)])

    current = await GroupReferenceLevel.filter(group_id=team.group.id, valid_to=None)
    assert [row.level for row in current] == [ReferenceLevel.WRITE, ReferenceLevel.WRITE]


async def test_a_level_on_a_hidden_theme_is_kept_but_cannot_be_changed(team: Team):
    hidden = await Theme.filter(visible=False).order_by("id").first()
    assert hidden
    await rows.a_theme_level(team.group, hidden.code, DocumentLevel.READ)
    await team.update(name="Ploeg Zuid", theme_levels=[(hidden.code, DocumentLevel.READ)])
    possible = [await Theme.get(code=INVOICING)]

    async with assert_refused(ThemeHidden, "themeLevels", "0", "themeCode", theme=hidden, possible=possible):
        await team.update(theme_levels=[(hidden.code, DocumentLevel.SEND)])


async def test_unknown_and_repeated_themes_and_types_are_refused(team: Team):
    async with assert_refused(ThemeUnknown, "themeLevels", "0", "themeCode", code="MAP", possible=INVOICING):
        await team.update(theme_levels=[("MAP", DocumentLevel.READ)])
    async with assert_refused(GivenTwice, "themeLevels", "1", "themeCode", what=INVOICING):
        await team.update(theme_levels=[(INVOICING, DocumentLevel.READ), (INVOICING, DocumentLevel.SEND)])
    possible = "CONTRACT, EXTENDABLE_CONTRACT"
    async with assert_refused(ContractTypeUnknown, "referenceLevels", "0", "typeCode", code="MAP", possible=possible):
        await team.update(reference_levels=[("MAP", ReferenceLevel.READ)])


async def test_a_list_of_members_replaces_the_members(team: Team):
    joining = await rows.a_person_with_right(team.cast.organisation)

    group = await team.update(member_user_ids=[joining.user_id])

    assert await members(group) == [joining.user_id]
    ended = await Membership.get(group_id=group.id, user_id=team.member.user_id)
    assert (ended.ended_by_id, ended.ended_at is None) == (team.cast.people["admin"].id, False)
    assert await members(await team.update(member_user_ids=[])) == []


async def test_only_people_with_an_active_right_can_be_added(team: Team):
    without_right = await team.cast.a_colleague()
    async with assert_refused(MemberWithoutActiveRight, "memberUserIds", "1", name="Sofie De Smet"):
        await team.update(member_user_ids=[team.member.user_id, without_right.user_id])
    outsider = team.cast.people["outsider"]
    async with assert_refused(NotFound, "memberUserIds", "0"):
        await team.update(member_user_ids=[outsider.id])
    repeated_name = (await team.member.user).full_name
    async with assert_refused(GivenTwice, "memberUserIds", "1", what=repeated_name):
        await team.update(member_user_ids=[team.member.user_id] * 2)


async def test_a_member_whose_right_has_lapsed_may_stay(team: Team):
    lapsed = await rows.a_work_relation(organisation=team.cast.organisation)
    await rows.a_membership(team.group, lapsed)
    member_ids = [team.member.user_id, lapsed.user_id]

    assert await members(await team.update(name="Ploeg Zuid", member_user_ids=member_ids)) == member_ids


async def test_a_member_who_is_removed_and_added_again_is_a_member_by_the_current_work_relation(team: Team):
    day = await rows.today()
    user = await rows.a_user()
    old = await rows.a_work_relation(user, team.cast.organisation, last_day=day - timedelta(days=9))
    await rows.a_membership(team.group, old)
    new = await rows.a_work_relation(user, team.cast.organisation, first_day=day)
    await rows.a_right(new)

    await team.update(member_user_ids=[])
    await team.update(member_user_ids=[user.id])

    assert (await Membership.get(user_id=user.id, ended_at=None)).work_relation_id == new.id


async def test_a_listed_member_with_a_new_work_relation_and_right_becomes_a_member_by_it(team: Team):
    day = await rows.today()
    user = await rows.a_user()
    old = await rows.a_work_relation(user, team.cast.organisation, last_day=day - timedelta(days=9))
    former = await rows.a_membership(team.group, old)
    new = await rows.a_work_relation(user, team.cast.organisation, first_day=day)
    member_ids = [team.member.user_id, user.id]
    # Without a right, or when the members are not listed, the former membership stays.
    await team.update(member_user_ids=member_ids)
    await rows.a_right(new)
    await team.update(description="Blijft")
    assert (await Membership.get(user_id=user.id, ended_at=None)).id == former.id

    group = await team.update(member_user_ids=member_ids)

    current = await Membership.get(user_id=user.id, ended_at=None)
    assert (current.work_relation_id, current.added_by_id) == (new.id, team.cast.people["admin"].id)
    assert (await Membership.get(id=former.id)).ended_by_id == team.cast.people["admin"].id
    entry = await AuditEntry.all().order_by("-id").first()
    assert entry
    assert (entry.before, entry.after) == ({"returned": []}, {"returned": [user.id]})
    # The same update again changes nothing.
    assert (await team.update(member_user_ids=member_ids)).version == group.version


async def test_a_level_on_a_hidden_theme_is_lowered_and_never_raised(team: Team):
    await Theme.filter(code="INVOICING").update(visible=False)
    raised_levels = [("INVOICING", DocumentLevel.SEND)]

    for level in (DocumentLevel.SEND, DocumentLevel.READ, DocumentLevel.NONE):
        await team.update(theme_levels=[("INVOICING", level)])

        current = await GroupThemeLevel.get(group_id=team.group.id, valid_to=None)
        assert current.level == level
        # Without DRAFT the action is released.
        assert (await Action.get(id=team.action.id)).status == ("ASSIGNED" if level is DocumentLevel.SEND else "OPEN")
    async with assert_refused(
        ThemeHidden, "themeLevels", "0", "themeCode", theme=await Theme.get(code="INVOICING"), possible="—"
    ):
        await team.update(theme_levels=raised_levels)


async def test_a_lowered_level_releases_the_actions_of_the_members(team: Team):
    await team.update(theme_levels=[(INVOICING, DocumentLevel.DRAFT)])
    assert (await Action.get(id=team.action.id)).status == "ASSIGNED"

    await team.update(theme_levels=[(INVOICING, DocumentLevel.READ)])

    assert (await Action.get(id=team.action.id)).status == "OPEN"
    assert (await Notification.get(action_id=team.action.id)).trigger == "ACTION_RELEASED"


async def test_a_name_is_unique_among_the_active_groups(team: Team):
    await rows.a_group(team.cast.organisation, "Ploeg Zuid")
    async with assert_refused(GroupNameTaken, "name", name="Ploeg Zuid"):
        await team.update(name="  ploeg   ZUID ")
    assert (await team.update(name=" PLOEG   NOORD ")).name == "PLOEG NOORD"


async def test_renaming_to_the_name_of_a_deleted_group_can_only_overwrite_it(team: Team):
    deleted = await rows.a_group(team.cast.organisation, "Ploeg Zuid", active=False)
    overwrite = (InactiveGroupChoice.OVERWRITE,)
    for choice in (None, InactiveGroupChoice.REACTIVATE):
        async with assert_refused(GroupRenamedToInactive, "name", name="Ploeg Zuid", group=deleted, choices=overwrite):
            await team.update(name="Ploeg Zuid", on_inactive=choice)

    group = await team.update(name="Ploeg Zuid", on_inactive=InactiveGroupChoice.OVERWRITE)

    assert (group.id, group.name) == (team.group.id, "Ploeg Zuid")
    assert (await Group.get(id=deleted.id)).archived


async def test_a_name_a_description_and_a_valid_email_are_required(team: Team):
    async with assert_refused(Required, "name"):
        await team.update(name=" ")
    async with assert_refused(Required, "description"):
        await team.update(description="")
    async with assert_refused(EmailAddressInvalid, "email"):
        await team.update(email="noord")


async def test_every_invalid_field_is_reported_including_the_name_of_a_deleted_group(team: Team):
    await rows.a_group(team.cast.organisation, "Ploeg Zuid", active=False)
    async with assert_refusals(
        (Required, "description"), (GroupRenamedToInactive, "name"), (ThemeUnknown, "themeLevels.0.themeCode")
    ):
        await team.update(name="Ploeg Zuid", description="", theme_levels=[("MAP", DocumentLevel.READ)])


async def test_a_stale_version_is_refused_with_the_current_state(team: Team):
    changed = await team.update(description="Eerst")
    async with assert_refused(StaleVersion, "version", current=changed, version=2, given=1):
        await team.update(version=1, description="Daarna")


async def test_a_deleted_group_is_not_updated(team: Team):
    await team.delete()
    async with assert_refused(GroupDeleted, "id", name="Ploeg Noord"):
        await team.update(description="Toch nog")


@pytest.mark.parametrize("who", [who for who in EVERYONE if who not in {"admin", "legal"}])
async def test_only_administrators_update_a_group(team: Team, who: str):
    if who == "user":
        async with assert_refused(Forbidden):
            await team.update(who, description="Van mij")
    else:
        async with assert_refused(NotFound, "id"):
            await team.update(who, description="Van mij")


async def test_a_legal_representative_updates_a_group(team: Team):
    assert (await team.update("legal", description="Van de zaakvoerder")).version == 2


async def test_an_administrator_whose_right_has_expired_does_not_find_the_group(team: Team):
    await travel_to(await rows.today() + timedelta(days=101))
    async with assert_refused(NotFound, "id"):
        await team.update(description="Te laat")
