"""The entries about groups, their members, and the contracts that they are linked to."""

from datetime import datetime

from domain.models import (
    AuditAction,
    AuditEntry,
    Contract,
    DocumentLevel,
    Group,
    GroupLink,
    GroupReferenceLevel,
    GroupThemeLevel,
    Membership,
    MembershipKind,
    ReferenceLevel,
)
from local.demo_data.audit_log.audit_entry import AuditStamp, audit_entry, optional_stamp
from local.demo_data.audit_log.set_changes import SetMember, set_change_entries, set_changes
from local.demo_data.demo_rows import DemoRows
from local.demo_data.groups import ADMINISTRATORS


async def group_entries(demo: DemoRows) -> list[AuditEntry]:
    """The entries about groups, links and memberships."""
    entries = []
    for (organisation, _), group in demo.groups.items():
        administrator_id = demo.people[ADMINISTRATORS[organisation]].id
        entries += await _creation_and_level_entries(group, administrator_id)
        entries += await _fixed_member_entries(group)
        entries += await _deletion_entries(group, administrator_id)
    for contract in await Contract.all():
        entries += await _link_entries(contract)
    for link in await GroupLink.all():
        entries += await _contract_specific_member_entries(link)
    return entries


async def _creation_and_level_entries(group: Group, administrator_id: int) -> list[AuditEntry]:
    """The creation with the first levels, then the changes of levels."""
    theme_levels = await GroupThemeLevel.filter(group=group).prefetch_related("theme")
    reference_levels = await GroupReferenceLevel.filter(group=group).prefetch_related("contract_type")
    first_levels = [row for row in theme_levels if row.valid_from == group.created_at]
    facts = {
        "name": group.name,
        "themes": {row.theme.code: row.level.name for row in first_levels if row.level > DocumentLevel.NONE},
        "references": {
            row.contract_type.code: row.level.name for row in reference_levels if row.level > ReferenceLevel.READ
        },
        "members": [],
    }
    created = AuditStamp(group.created_at, administrator_id)
    entries = [audit_entry(AuditAction.GROUP_CREATED, group, group.organisation_id, created, after=facts)]
    for former in first_levels:
        for later in (row for row in theme_levels if row.valid_from == former.valid_to):
            before, after = ({"themes": {row.theme.code: row.level.name}} for row in (former, later))
            changed, action = AuditStamp(later.valid_from, administrator_id), AuditAction.GROUP_UPDATED
            entries.append(audit_entry(action, group, group.organisation_id, changed, before=before, after=after))
    return entries


async def _fixed_member_entries(group: Group) -> list[AuditEntry]:
    memberships = await Membership.filter(group=group, kind=MembershipKind.FIXED)
    changes = set_changes(map(_set_member, memberships))
    return set_change_entries(AuditAction.GROUP_UPDATED, group, group.organisation_id, "members", changes)


async def _deletion_entries(group: Group, administrator_id: int) -> list[AuditEntry]:
    """It names the contracts whose links ended with the group; those have no entry of their own."""
    if group.deactivated_at is None:
        return []
    links = await GroupLink.filter(group=group, ended_at=group.deactivated_at).order_by("contract_id")
    before = {"contracts": [link.contract_id for link in links]}
    deleted = AuditStamp(group.deactivated_at, administrator_id)
    return [audit_entry(AuditAction.GROUP_DELETED, group, group.organisation_id, deleted, before=before)]


async def _link_entries(contract: Contract) -> list[AuditEntry]:
    """The changes of the contract's groups, except those by the deletion of a group."""
    links = await GroupLink.filter(contract=contract).prefetch_related("group")
    deletions: set[datetime | None] = {link.group.deactivated_at for link in links}
    linked_groups = [
        SetMember(
            link.group_id,
            AuditStamp(link.linked_at, link.linked_by_id),
            optional_stamp(link.ended_at, link.ended_by_id),
        )
        for link in links
    ]
    changes = (change for change in set_changes(linked_groups) if change.stamp.at not in deletions)
    return set_change_entries(AuditAction.CONTRACT_GROUPS_SET, contract, contract.organisation_id, "groups", changes)


async def _contract_specific_member_entries(link: GroupLink) -> list[AuditEntry]:
    changes = set_changes(map(_set_member, await Membership.filter(group_link=link)))
    return set_change_entries(AuditAction.CONTRACT_SPECIFIC_MEMBERS_SET, link, link.organisation_id, "members", changes)


def _set_member(membership: Membership) -> SetMember:
    return SetMember(
        membership.user_id,
        AuditStamp(membership.since, membership.added_by_id),
        optional_stamp(membership.ended_at, membership.ended_by_id),
    )
