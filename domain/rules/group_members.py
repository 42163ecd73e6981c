"""Members of groups: who can be selected, adding them, and ending their memberships (manual 3.1)."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.clock import NOW
from domain.models import AuditAction, Group, GroupLink, Membership, MembershipKind, User, WorkRelation
from domain.predicate import Predicate
from domain.refusals import Findings, GivenTwice, MemberWithoutActiveRight, NotFound
from domain.rules.action_release import release_lost_actions
from domain.rules.active_group import find_active_group
from domain.rules.group_change import GroupChange
from domain.rules.linked_contracts import linked_contract_ids
from domain.rules.saving import save_next_version
from domain.where import Where

SELECTABLE: Final = Predicate("""exists (
  select from access_right ar
  join work_relation_period ap on ap.work_relation_id = ar.work_relation_id
   and brussels_today() between ap.valid_from and ap.valid_until
  where ar.work_relation_id = {row}.id and ar.revoked_at is null)""")
"""Has this work relation an active right today?"""


async def check_members(
    act: ActorTransaction,
    findings: Findings,
    organisation_id: int,
    user_ids: Sequence[int | None],
    current: Mapping[int, Membership] = MappingProxyType({}),
) -> list[WorkRelation]:
    """The work relations through which people become members.

    Args:
        act: The transaction.
        findings: Where each person who can't be selected is refused, with the position in the list.
        organisation_id: The key of the organisation whose people they are.
        user_ids: The keys of the people selected.
        current: The memberships of the current members, by the members' keys. They stay members even without an active
            right. A member with a new work relation that can be selected becomes a member through that one; the caller
            ends the old membership.
    """
    standing = await act.standing()
    keys = [key for key in user_ids if key is not None]
    people = User.filter(Where(visibility.user, standing), id__in=keys).using_db(act.database)
    names = {person.id: person.full_name for person in await people}
    selectable = WorkRelation.filter(
        Where(SELECTABLE, standing), user_id__in=keys, organisation_id=organisation_id
    ).using_db(act.database)
    relations = {relation.user_id: relation for relation in await selectable}
    for position, key in enumerate(user_ids):
        if key not in names:
            findings.add(NotFound("memberUserIds", position))
        elif key not in relations and key not in current:
            findings.add(MemberWithoutActiveRight("memberUserIds", position, name=names[key]))
        elif key in user_ids[:position]:
            findings.add(GivenTwice("memberUserIds", position, what=names[key]))
    return [
        relation
        for key, relation in relations.items()
        if key not in current or current[key].work_relation_id != relation.id
    ]


async def end_memberships(act: ActorTransaction, keys: Collection[int]) -> None:
    """Closes the memberships with these keys."""
    memberships = Membership.filter(id__in=list(keys), ended_at=None).using_db(act.database)
    await memberships.update(ended_at=NOW, ended_by_id=act.actor.user_id)


async def add_fixed_members(act: ActorTransaction, group: Group, members: Sequence[WorkRelation]) -> None:
    """Adds fixed members through these work relations."""
    await _add(act, members, kind=MembershipKind.FIXED, organisation_id=group.organisation_id, group_id=group.id)


async def add_specific_members(act: ActorTransaction, link: GroupLink, members: Sequence[WorkRelation]) -> None:
    """Adds members of the link's group through these work relations, for its contract only (manual 3.5)."""
    await _add(
        act,
        members,
        kind=MembershipKind.CONTRACT_SPECIFIC,
        organisation_id=link.organisation_id,
        group_id=link.group_id,
        group_link_id=link.id,
        contract_id=link.contract_id,
    )


async def _add(act: ActorTransaction, members: Sequence[WorkRelation], **columns: Any) -> None:
    columns["added_by_id"] = act.actor.user_id
    rows = [Membership(user_id=member.user_id, work_relation_id=member.id, **columns) for member in members]
    await Membership.bulk_create(rows, using_db=act.database)


async def remove_group_member(*, actor: Actor, group_id: int | None, user_id: int | None) -> GroupChange:
    """Ends one fixed membership (manual 3.2, Lid verwijderen uit groep).

    Args:
        actor: An ADMINISTRATOR of the group's organisation.
        group_id: The group's key.
        user_id: The member's key.

    Raises:
        NotFound: The actor sees no such group, or this person is no fixed member of it.
        Forbidden: The actor doesn't administer the group.
        GroupDeleted: It was deleted.
    """
    async with actor_transaction(actor) as act:
        group = await find_active_group(act, group_id)
        fixed = Membership.filter(group_id=group.id, user_id=user_id or 0, kind=MembershipKind.FIXED, ended_at=None)
        membership = await fixed.using_db(act.database).first()
        if membership is None:
            raise NotFound("userId")
        await end_memberships(act, [membership.id])
        await save_next_version(act, group)
        await act.record(
            AuditAction.GROUP_MEMBER_REMOVED, group, group.organisation_id, before={"member": membership.user_id}
        )
        released = await release_lost_actions(act, await linked_contract_ids(act, group.id))
    return GroupChange(group, [membership.id], released_action_ids=released)
