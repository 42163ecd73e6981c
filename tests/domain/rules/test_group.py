"""Creating a group (manual 3.1 and 3.1.1)."""

from typing import Any

import pytest

from domain.actor import Actor
from domain.models import (
    AuditEntry,
    DocumentLevel,
    Group,
    GroupReferenceLevel,
    GroupThemeLevel,
    Membership,
    ReferenceLevel,
    Theme,
)
from domain.refusals import (
    ContractTypeUnknown,
    EmailAddressInvalid,
    Forbidden,
    GivenTwice,
    GroupNameInactive,
    GroupNameTaken,
    MemberWithoutActiveRight,
    NotFound,
    PersonRequired,
    Refusals,
    Required,
    TextTooLong,
    ThemeHidden,
    ThemeUnknown,
)
from domain.rules.group import NewGroup, create_group
from domain.rules.group_name import InactiveGroupChoice
from tests import rows
from tests.access_cast import EVERYONE, Cast
from tests.domain.rules.concurrency import run_while_locked
from tests.refusals import assert_refusals, assert_refused

OVERWRITE, REACTIVATE = InactiveGroupChoice


async def create(cast: Cast, name: str = "Ploeg Noord", actor: str = "admin", **arguments: Any) -> Group:
    """Creates a group with the defaults of the screen: a description, READ on invoicing."""
    defaults: dict[str, Any] = {"description": "Werven", "theme_levels": [("INVOICING", DocumentLevel.READ)]}
    new = NewGroup(name=name, **defaults | arguments)
    change = await create_group(actor=cast.actors[actor], organisation_id=cast.organisation.id, new=new)
    return change.group


async def test_a_created_group_has_its_fields_and_is_audited(cast: Cast):
    member = cast.relations["user"]
    group = await create(
        cast,
        "  Ploeg \u00a0  Noord ",
        description="Werven in het noorden\nen elders",
        email="noord@AANNEMER.example",
        reference_levels=[("CONTRACT", ReferenceLevel.WRITE)],
        member_user_ids=[member.user_id],
    )

    stored = await Group.get(id=group.id)
    assert (stored.name, stored.description, stored.email) == (
        "Ploeg Noord",
        "Werven in het noorden\nen elders",
        "noord@aannemer.example",
    )
    assert (stored.active, stored.archived, stored.version) == (True, False, 1)
    assert (await GroupThemeLevel.get(group_id=group.id)).level is DocumentLevel.READ
    assert (await GroupReferenceLevel.get(group_id=group.id)).level is ReferenceLevel.WRITE
    membership = await Membership.get(group_id=group.id)
    assert (membership.work_relation_id, membership.added_by_id) == (member.id, cast.people["admin"].id)
    entry = await AuditEntry.get(action="GROUP_CREATED")
    assert (entry.actor_id, entry.subject_id) == (cast.people["admin"].id, group.id)
    assert entry.after == {
        "name": "Ploeg Noord",
        "themes": {"INVOICING": "READ"},
        "references": {"CONTRACT": "WRITE"},
        "members": [member.user_id],
    }


async def test_members_email_and_levels_are_optional(cast: Cast):
    group = await create(cast, theme_levels=[])
    assert group.email is None
    assert not await Membership.exists(group_id=group.id)
    assert not await GroupThemeLevel.exists(group_id=group.id)


@pytest.mark.parametrize(
    "same_name", ["Ploeg Noord", "ploeg noord", "PLOEG NOORD", "  Ploeg   Noord ", "Plöeg Nóord", "\uff30loeg Noord"]
)
async def test_a_name_is_taken_whatever_its_case_accents_and_spaces(cast: Cast, same_name: str):
    await create(cast)
    async with assert_refused(GroupNameTaken, "name", name="Ploeg Noord"):
        await create(cast, same_name)


async def test_another_organisation_may_use_the_same_name(cast: Cast):
    await rows.a_group(await rows.an_organisation(), "Ploeg Noord")
    assert (await create(cast)).name == "Ploeg Noord"


async def test_the_name_of_a_deleted_group_requires_a_choice(cast: Cast):
    former = await rows.a_group(cast.organisation, "Ploeg Noord", active=False)
    async with assert_refused(
        GroupNameInactive, "name", name="Ploeg Noord", group=former, choices=(OVERWRITE, REACTIVATE)
    ):
        await create(cast, "ploeg noord")
    assert (await create(cast, "Ploeg Noord 2")).active


async def test_overwriting_archives_the_deleted_group_and_creates_a_new_one(cast: Cast):
    former = await rows.a_group(cast.organisation, "Ploeg Noord", active=False)
    member = await rows.a_membership(former)

    group = await create(cast, "ploeg noord", on_inactive=OVERWRITE)

    assert (group.id == former.id, group.name, group.description) == (False, "ploeg noord", "Werven")
    assert not await Membership.exists(group_id=group.id)
    assert (await Group.get(id=former.id)).archived
    entry = await AuditEntry.get(subject_id=former.id, subject_type="Group")
    assert (entry.action, entry.before) == ("GROUP_OVERWRITTEN", {"members": [member.user_id]})


async def test_overwriting_ends_the_memberships_of_the_deleted_group(cast: Cast):
    former = await rows.a_group(cast.organisation, "Ploeg Noord", active=False)
    member = await rows.a_membership(former)

    await create(cast, "Ploeg Noord", on_inactive=OVERWRITE)

    await member.refresh_from_db()
    assert (member.ended_at is None, member.ended_by_id) == (False, cast.people["admin"].id)


async def test_reactivating_restores_the_group_and_is_audited(cast: Cast):
    former = await rows.a_group(cast.organisation, "Ploeg Noord", active=False, description="Zoals het was")
    group = await create(cast, "ploeg noord", on_inactive=REACTIVATE)
    assert (group.id, group.description, group.active, group.version) == (former.id, "Zoals het was", True, 2)
    assert await AuditEntry.filter(action="GROUP_REACTIVATED", subject_id=former.id).count() == 1


async def test_a_choice_is_ignored_when_the_name_is_free(cast: Cast):
    for name, choice in (("Noord", OVERWRITE), ("Zuid", REACTIVATE)):
        group = await create(cast, name, on_inactive=choice)
        assert (group.name, group.version) == (name, 1)


async def test_invalid_fields_are_refused(cast: Cast):
    async with assert_refused(Required, "name"):
        await create(cast, " ")
    async with assert_refused(TextTooLong, "name", length=201, maximum=200):
        await create(cast, "n" * 201)
    async with assert_refused(Required, "description"):
        await create(cast, description="\n")
    async with assert_refused(EmailAddressInvalid, "email"):
        await create(cast, email="noord@")
    async with assert_refused(ThemeUnknown, "themeLevels", "0", "themeCode", code="VARIA", possible="INVOICING"):
        await create(cast, theme_levels=[("VARIA", DocumentLevel.READ)])
    hidden, in_use = [await Theme.get(code=code) for code in ("SAFETY", "INVOICING")]
    async with assert_refused(ThemeHidden, "themeLevels", "1", "themeCode", theme=hidden, possible=[in_use]):
        await create(cast, theme_levels=[("INVOICING", DocumentLevel.READ), ("SAFETY", DocumentLevel.READ)])
    async with assert_refused(GivenTwice, "themeLevels", "1", "themeCode", what="INVOICING"):
        await create(cast, theme_levels=[("INVOICING", DocumentLevel.READ), ("INVOICING", DocumentLevel.SEND)])
    async with assert_refused(
        ContractTypeUnknown, "referenceLevels", "0", "typeCode", code="VARIA", possible="CONTRACT, EXTENDABLE_CONTRACT"
    ):
        await create(cast, reference_levels=[("VARIA", ReferenceLevel.READ)])


async def test_every_invalid_field_is_reported_including_the_name_of_a_deleted_group(cast: Cast):
    await rows.a_group(cast.organisation, "Ploeg Noord", active=False)
    await rows.a_group(cast.organisation, "Ploeg Zuid")
    invalid: dict[str, Any] = {
        "description": "",
        "email": "noord@",
        "theme_levels": [("VARIA", DocumentLevel.READ), ("SAFETY", DocumentLevel.READ)],
        "reference_levels": [("VARIA", ReferenceLevel.READ)],
        "member_user_ids": [None, cast.people["manager"].id],
    }
    refusals = (
        (Required, "description"),
        (EmailAddressInvalid, "email"),
        (ThemeUnknown, "themeLevels.0.themeCode"),
        (ThemeHidden, "themeLevels.1.themeCode"),
        (ContractTypeUnknown, "referenceLevels.0.typeCode"),
        (NotFound, "memberUserIds.0"),
        (MemberWithoutActiveRight, "memberUserIds.1"),
    )
    for name, refusal in (("", Required), ("Ploeg Zuid", GroupNameTaken), ("Ploeg Noord", GroupNameInactive)):
        async with assert_refusals((refusal, "name"), *refusals):
            await create(cast, name, **invalid)


@pytest.mark.parametrize("unseen", ["\u200b", " \u200b\u00a0", "\u0301", "\ufeff", "\u200e"])
async def test_a_name_needs_visible_characters(cast: Cast, unseen: str):
    async with assert_refused(Required, "name"):
        await create(cast, unseen)
    await create(cast)
    async with assert_refused(GroupNameTaken, "name", name="Ploeg Noord"):
        await create(cast, f"Ploeg{unseen} Noord")


async def test_only_people_with_an_active_right_can_be_members(cast: Cast):
    lapsed = await cast.a_colleague()
    async with assert_refused(MemberWithoutActiveRight, "memberUserIds", "1", name="Sofie De Smet"):
        await create(cast, member_user_ids=[cast.people["user"].id, lapsed.user_id])
    for unseen in (cast.people["outsider"].id, 2**62, None):
        async with assert_refused(NotFound, "memberUserIds", "0"):
            await create(cast, member_user_ids=[unseen])


@pytest.mark.parametrize("who", [who for who in EVERYONE if who not in {"admin", "legal"}])
async def test_only_administrators_create_groups(cast: Cast, who: str):
    strangers = {"outsider", "newcomer", "nobody"}
    kind = PersonRequired if who == "machine" else Forbidden
    async with assert_refused(NotFound, "organisationId") if who in strangers else assert_refused(kind):
        await create(cast, actor=who)


async def test_an_unknown_organisation_is_not_found(cast: Cast):
    administrator: Actor = cast.actors["admin"]
    for key in (None, 2**62):
        async with assert_refused(NotFound, "organisationId"):
            await create_group(actor=administrator, organisation_id=key, new=NewGroup("Noord", "Werven"))


async def test_concurrent_creations_with_one_name_create_one_group(cast: Cast):
    names = ("Ploeg Noord", "ploeg  noord ", "PL\u00d3EG NOORD")
    outcomes = await run_while_locked(cast.organisation, *(create(cast, name) for name in names))

    assert sorted(map(outcome_name, outcomes)) == ["Group", "GroupNameTaken", "GroupNameTaken"]
    assert await Group.filter(organisation_id=cast.organisation.id).count() == 1


async def test_concurrent_choices_about_a_deleted_group_apply_one(cast: Cast):
    await rows.a_group(cast.organisation, "Ploeg Noord", active=False)
    outcomes = await run_while_locked(
        cast.organisation, *(create(cast, on_inactive=choice) for choice in (OVERWRITE, REACTIVATE, OVERWRITE))
    )

    assert sorted(map(outcome_name, outcomes)) == ["Group", "GroupNameTaken", "GroupNameTaken"]
    assert await Group.filter(organisation_id=cast.organisation.id, active=True).count() == 1


def outcome_name(outcome: Any) -> str:
    """The name of the type of the outcome: a row, or the only refusal."""
    [only] = outcome.refusals if isinstance(outcome, Refusals) else [outcome]
    return type(only).__name__
