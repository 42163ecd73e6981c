"""What was done about groups, the contracts that they are linked to, and their members."""

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
from local.demo_data.audit_entry import Done, Span, ended, entries_of, entry, steps
from local.demo_data.groups import ADMINISTRATORS
from local.demo_data.loaded import Loaded


async def group_entries(loaded: Loaded) -> list[AuditEntry]:
    """Of everything that opens contracts to people, and closes them."""
    entries = []
    for (organisation, _), group in loaded.groups.items():
        by = loaded.people[ADMINISTRATORS[organisation]].id
        entries += [*await _made(group, by), *await _members(group), *await _deleted(group, by)]
    for contract in await Contract.all():
        entries += await _ties(contract)
    for link in await GroupLink.all():
        entries += await _specific_members(link)
    return entries


async def _made(group: Group, by: int) -> list[AuditEntry]:
    """With the levels of the beginning; then the levels that changed."""
    themes = await GroupThemeLevel.filter(group=group).prefetch_related("theme")
    references = await GroupReferenceLevel.filter(group=group).prefetch_related("contract_type")
    formed = [row for row in themes if row.valid_from == group.created_at]
    after = {
        "name": group.name,
        "themes": {row.theme.code: row.level.name for row in formed if row.level > DocumentLevel.NONE},
        "references": {row.contract_type.code: row.level.name for row in references if row.level > ReferenceLevel.READ},
        "members": [],
    }
    entries = [entry(AuditAction.GROUP_CREATED, group, group.organisation_id, Done(group.created_at, by), after=after)]
    for former in formed:
        for later in (row for row in themes if row.valid_from == former.valid_to):
            was, became = ({"themes": {row.theme.code: row.level.name}} for row in (former, later))
            done = Done(later.valid_from, by)
            entries.append(
                entry(AuditAction.GROUP_UPDATED, group, group.organisation_id, done, before=was, after=became)
            )
    return entries


async def _members(group: Group) -> list[AuditEntry]:
    fixed = await Membership.filter(group=group, kind=MembershipKind.FIXED)
    return entries_of(AuditAction.GROUP_UPDATED, group, group.organisation_id, "members", steps(map(_span, fixed)))


async def _deleted(group: Group, by: int) -> list[AuditEntry]:
    """The contracts whose links ended with it stand in its own entry, and have none for that."""
    if group.deactivated_at is None:
        return []
    links = await GroupLink.filter(group=group, ended_at=group.deactivated_at).order_by("contract_id")
    before = {"contracts": [link.contract_id for link in links]}
    return [
        entry(AuditAction.GROUP_DELETED, group, group.organisation_id, Done(group.deactivated_at, by), before=before)
    ]


async def _ties(contract: Contract) -> list[AuditEntry]:
    links = await GroupLink.filter(contract=contract).prefetch_related("group")
    by_deletion: set[datetime | None] = {link.group.deactivated_at for link in links}
    ties = [
        Span(link.group_id, Done(link.linked_at, link.linked_by_id), ended(link.ended_at, link.ended_by_id))
        for link in links
    ]
    chosen = (step for step in steps(ties) if step.done.at not in by_deletion)
    return entries_of(AuditAction.CONTRACT_GROUPS_SET, contract, contract.organisation_id, "groups", chosen)


async def _specific_members(link: GroupLink) -> list[AuditEntry]:
    changes = steps(map(_span, await Membership.filter(group_link=link)))
    return entries_of(AuditAction.CONTRACT_SPECIFIC_MEMBERS_SET, link, link.organisation_id, "members", changes)


def _span(membership: Membership) -> Span:
    joined = Done(membership.since, membership.added_by_id)
    return Span(membership.user_id, joined, ended(membership.ended_at, membership.ended_by_id))
