"""Visibility of contracts, groups, links and memberships: domain section 4."""

from domain import models as m
from domain.models import MembershipKind
from tests.domain.naive.access import access_for
from tests.domain.naive.viewer import Viewer, active_roles


def sees_contract(viewer: Viewer, contract: m.Contract) -> bool:
    """By those with any access to it, and the authority that awarded it."""
    if viewer.authority is not None:
        return contract.contracting_authority_id == viewer.authority
    return bool(access_for(viewer, contract))


def acts_on(viewer: Viewer, contract: m.Contract) -> bool:
    """Whether the viewer has access to the contract as USER, through a group."""
    return bool(access_for(viewer, contract).groups)


def is_own(viewer: Viewer, membership: m.Membership) -> bool:
    """Whether it is the viewer's, by the work relation through which they are USER."""
    if membership.user_id != viewer.person or not viewer.is_user_of(membership.organisation_id):
        return False
    relation = viewer.world.one(m.WorkRelation, membership.work_relation_id)
    return membership.ended_at is None and "USER" in active_roles(viewer.world, relation)


def sees_group(viewer: Viewer, group: m.Group) -> bool:
    """Administrators see all groups; a USER their own active ones, and those linked to contracts that they act on."""
    if viewer.administers(group.organisation_id):
        return True
    if not (group.active and viewer.is_user_of(group.organisation_id)):
        return False
    links = viewer.world.having(m.GroupLink, "group_id", group.id)
    linked = [viewer.world.one(m.Contract, link.contract_id) for link in links if link.ended_at is None]
    return any(
        is_own(viewer, membership) for membership in viewer.world.having(m.Membership, "group_id", group.id)
    ) or any(acts_on(viewer, contract) for contract in linked)


def sees_group_link(viewer: Viewer, link: m.GroupLink) -> bool:
    if viewer.administers(link.organisation_id):
        return True
    return link.ended_at is None and acts_on(viewer, viewer.world.one(m.Contract, link.contract_id))


def sees_membership(viewer: Viewer, membership: m.Membership) -> bool:
    """A USER sees their own, the fixed members of groups that they see, and specific ones on contracts they act on."""
    if viewer.administers(membership.organisation_id):
        return True
    group = viewer.world.one(m.Group, membership.group_id)
    if membership.ended_at is not None or not sees_group(viewer, group):
        return False
    if is_own(viewer, membership) or membership.kind == MembershipKind.FIXED:
        return True
    return acts_on(viewer, viewer.world.one(m.Contract, membership.contract_id or 0))
