"""Constraints on groups, their levels, links and members."""

import pytest

from domain.models import DocumentLevel, ReferenceLevel
from tests import rows
from tests.domain.constraints import check_refusals, refused_by

# As the owner of the tables: the constraints apply to everyone.
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.owner]


async def test_groups(subtests: pytest.Subtests):
    await check_refusals(
        subtests,
        await rows.a_group(email="team@aannemer.example"),
        [
            ("access_group_name_filled", "name = ' '", "name = 'A'"),
            ("access_group_description_filled", "description = ''", "description = 'B'"),
            ("access_group_email_filled", "email = ''", "email = null"),
            ("access_group_version_positive", "version = 0", "version = 2"),
            ("access_group_inactive_since", "active = false", "active = false, deactivated_at = now()"),
            ("access_group_inactive_since", "deactivated_at = now()", "deactivated_at = null"),
            (
                "access_group_archived_inactive",
                "archived = true",
                "archived = true, active = false, deactivated_at = now()",
            ),
        ],
    )


async def test_the_name_of_an_active_group_is_unique_in_its_organisation():
    organisation = await rows.an_organisation()
    await rows.a_group(organisation, "Projectteam Één", active=False)
    await rows.a_group(organisation, "Projectteam Één", active=False, archived=True)
    await rows.a_group(organisation, "Projectteam Één")
    for same_name in ("Projectteam Één", "  projectteam   EEN "):
        async with refused_by("access_group_name"):
            await rows.a_group(organisation, same_name)
    await rows.a_group(organisation, "Projectteam Eén 2")
    await rows.a_group(organisation, "Projectteam Één", active=False)
    await rows.a_group(None, "Projectteam Één")


async def test_theme_levels(subtests: pytest.Subtests):
    group = await rows.a_group()
    level = await rows.a_theme_level(group, "INVOICING", DocumentLevel.READ)
    await check_refusals(
        subtests,
        level,
        [
            ("group_theme_level_level_known", "level = 4", "level = 3"),
            ("group_theme_level_level_known", "level = -1", "level = 0"),
            ("group_theme_level_in_order", "valid_to = valid_from - interval '1 s'", "valid_to = valid_from"),
        ],
    )
    async with refused_by("group_theme_level_open"):
        await rows.a_theme_level(group, "INVOICING", DocumentLevel.SEND)
    await rows.a_theme_level(group, "PLANNING", DocumentLevel.SEND)
    await rows.a_theme_level(group, "INVOICING", DocumentLevel.SEND, valid_to=await rows.now())


async def test_reference_levels(subtests: pytest.Subtests):
    group = await rows.a_group()
    level = await rows.a_reference_level(group, "CONTRACT", ReferenceLevel.READ)
    await check_refusals(
        subtests,
        level,
        [
            ("group_reference_level_level_known", "level = 0", "level = 1"),
            ("group_reference_level_level_known", "level = 3", "level = 2"),
            ("group_reference_level_in_order", "valid_to = valid_from - interval '1 s'", "valid_to = valid_from"),
        ],
    )
    async with refused_by("group_reference_level_open"):
        await rows.a_reference_level(group, "CONTRACT", ReferenceLevel.WRITE)
    await rows.a_reference_level(group, "EXTENDABLE_CONTRACT", ReferenceLevel.WRITE)
    await rows.a_reference_level(group, "CONTRACT", ReferenceLevel.WRITE, valid_to=await rows.now())


async def test_links(subtests: pytest.Subtests):
    link = await rows.a_link()
    await check_refusals(
        subtests,
        link,
        [
            ("group_link_in_order", "ended_at = linked_at - interval '1 s'", "ended_at = linked_at"),
            ("group_link_version_positive", "version = 0", "version = 2"),
        ],
    )
    contract, group = await link.contract, await link.group
    async with refused_by("group_link_open"):
        await rows.a_link(contract, group)
    await rows.a_link(contract, group, ended_at=await rows.now())
    await rows.a_link(contract)
    await rows.a_link(None, group)


async def test_a_link_stays_inside_one_organisation():
    contract, group = await rows.a_contract(), await rows.a_group()
    async with refused_by("group_link_group_together"):
        await rows.a_link(contract, group)
    async with refused_by("group_link_contract_together"):
        await rows.a_link(contract, group, organisation_id=group.organisation_id)


async def test_memberships(subtests: pytest.Subtests):
    group = await rows.a_group()
    link = await rows.a_link(group=group)
    linked = f"contract_id = {link.contract_id}, group_link_id = {link.id}"
    await check_refusals(
        subtests,
        await rows.a_membership(group),
        [
            ("membership_kind_known", "kind = 'GUEST'", "kind = 'FIXED'"),
            ("membership_in_order", "ended_at = since - interval '1 s'", "ended_at = since"),
            ("membership_kind_and_contract", "kind = 'CONTRACT_SPECIFIC'", f"kind = 'CONTRACT_SPECIFIC', {linked}"),
            ("membership_kind_and_contract", linked, f"{linked}, kind = 'CONTRACT_SPECIFIC'"),
            ("membership_kind_and_contract", f"contract_id = {link.contract_id}", "contract_id = null"),
            ("membership_kind_and_contract", f"group_link_id = {link.id}", "group_link_id = null"),
        ],
    )


async def test_a_person_is_a_fixed_member_of_a_group_once():
    membership = await rows.a_membership(await rows.a_group())
    group, work_relation = await membership.group, await membership.work_relation
    async with refused_by("membership_fixed_open"):
        await rows.a_membership(group, work_relation)
    await rows.a_membership(group, work_relation, ended_at=await rows.now())
    await rows.a_membership(group, work_relation, await rows.a_link(group=group))
    await rows.a_membership(group)


async def test_a_person_is_a_contract_specific_member_once_for_each_contract():
    group = await rows.a_group()
    link = await rows.a_link(group=group)
    work_relation = await (await rows.a_membership(group, link=link)).work_relation
    async with refused_by("membership_specific_open"):
        await rows.a_membership(group, work_relation, link)
    await rows.a_membership(group, work_relation, link, ended_at=await rows.now())
    await rows.a_membership(group, work_relation, await rows.a_link(group=group))


async def test_a_member_has_a_work_relation_with_the_organisation_of_the_group():
    group = await rows.a_group()
    stranger = await rows.a_person_with_right()
    async with refused_by("membership_work_relation_together"):
        await rows.a_membership(group, stranger)
    async with refused_by("membership_group_together"):
        await rows.a_membership(group, stranger, organisation_id=stranger.organisation_id)
    member = await (await rows.a_membership(group)).work_relation
    other_user = await rows.a_user()
    async with refused_by("membership_work_relation_together"):
        await rows.a_membership(group, member, user_id=other_user.id)


async def test_a_contract_specific_membership_belongs_to_the_link_of_its_group_and_contract():
    group = await rows.a_group()
    link = await rows.a_link(group=group)
    other_group = await rows.a_group(await group.organisation)
    async with refused_by("membership_group_link_together"):
        await rows.a_membership(other_group, link=link)
    other_contract = await rows.a_contract(await group.organisation)
    async with refused_by("membership_group_link_together"):
        await rows.a_membership(group, link=link, contract_id=other_contract.id)
    await rows.a_membership(group, link=link)
