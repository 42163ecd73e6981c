"""Domain section 4, "What a user may do on a contract"."""

from dataclasses import dataclass, field

from domain import models as m
from domain.models import AccessMandateKind, DocumentLevel, MembershipKind, ReferenceLevel, Role
from tests.domain.naive.viewer import Viewer, active_roles
from tests.domain.naive.world import World


@dataclass
class Access:
    """The reasons of somebody's access to a contract.

    Attributes:
        contract: The contract.
        rights: The keys of the rights as administrator.
        mandates: The keys of the mandates as legal representative.
        groups: The groups as USER, each with the membership.
    """

    contract: m.Contract
    rights: list[int] = field(default_factory=list)
    mandates: list[int] = field(default_factory=list)
    groups: list[tuple[m.Group, m.Membership]] = field(default_factory=list)

    @property
    def administrator(self) -> bool:
        return bool(self.rights or self.mandates)

    def __bool__(self) -> bool:
        return self.administrator or bool(self.groups)


def access_of(world: World, user_id: int, contract: m.Contract) -> Access:
    access = Access(contract)
    for relation in world.having(m.WorkRelation, "user_id", user_id):
        if relation.organisation_id == contract.organisation_id:
            roles = active_roles(world, relation)
            if Role.ADMINISTRATOR in roles:
                access.rights += [
                    right.id
                    for right in world.having(m.AccessRight, "work_relation_id", relation.id)
                    if right.revoked_at is None
                ]
            if Role.USER in roles:
                access.groups += through_groups(world, relation, contract)
    for mandate in world.having(m.AccessMandate, "user_id", user_id):
        represents = mandate.kind == AccessMandateKind.LEGAL_REPRESENTATIVE and mandate.ended_at is None
        if represents and mandate.organisation_id == contract.organisation_id:
            access.mandates.append(mandate.id)
    return access


def through_groups(world: World, relation: m.WorkRelation, contract: m.Contract) -> list[tuple[m.Group, m.Membership]]:
    """The active groups linked to the contract in which the work relation is a fixed or a contract-specific member.

    Memberships belong to the work relation: a new one has none.
    """
    linked = {link.group_id for link in world.having(m.GroupLink, "contract_id", contract.id) if link.ended_at is None}
    groups = []
    for membership in world.having(m.Membership, "work_relation_id", relation.id):
        group = world.one(m.Group, membership.group_id)
        counts_here = membership.kind == MembershipKind.FIXED or membership.contract_id == contract.id
        if membership.ended_at is None and counts_here and group.active and group.id in linked:
            groups.append((group, membership))
    return groups


def group_level(world: World, group: m.Group, theme_id: int) -> DocumentLevel:
    rows = world.having(m.GroupThemeLevel, "group_id", group.id)
    levels = [row.level for row in rows if row.theme_id == theme_id and row.valid_to is None]
    return levels[0] if levels else DocumentLevel.NONE


def group_reference_level(world: World, group: m.Group, contract_type_id: int) -> ReferenceLevel:
    rows = world.having(m.GroupReferenceLevel, "group_id", group.id)
    levels = [row.level for row in rows if row.contract_type_id == contract_type_id and row.valid_to is None]
    return levels[0] if levels else ReferenceLevel.READ


def level_as_user(world: World, access: Access, theme_id: int) -> DocumentLevel:
    """The level by groups: the only one that counts for drafting, sending and actions."""
    return max((group_level(world, group, theme_id) for group, _ in access.groups), default=DocumentLevel.NONE)


def level_on(world: World, access: Access, theme_id: int) -> DocumentLevel:
    """The highest level of all reasons; READ by ADMINISTRATOR alone."""
    as_user = level_as_user(world, access, theme_id)
    return max(as_user, DocumentLevel.READ) if access.administrator else as_user


def reference_level(world: World, access: Access) -> ReferenceLevel | None:
    if access.administrator:
        return ReferenceLevel.WRITE
    type_id = access.contract.type_id
    return max((group_reference_level(world, group, type_id) for group, _ in access.groups), default=None)


def access_for(viewer: Viewer, contract: m.Contract) -> Access:
    """The viewer's own access; none when a token restricts them to another organisation."""
    if viewer.person is None or not viewer.acts_for(contract.organisation_id):
        return Access(contract)
    access = viewer.cache.get(("access", contract.id)) or access_of(viewer.world, viewer.person, contract)
    viewer.cache[("access", contract.id)] = access
    return access
