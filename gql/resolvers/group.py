"""Groups: made, changed, deleted."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import GroupLink, Membership
from domain.rules import group_delete, group_members, group_update
from domain.rules.group import NewGroup
from domain.rules.group import create_group as make
from domain.rules.group_change import GroupChange
from domain.unchanged import UNCHANGED
from gql.reading.ids import key_of
from gql.resolvers.released_actions import released_actions
from gql.resolvers.unset import as_filled, as_given, require_filled
from gql.roots import Outcome

if TYPE_CHECKING:
    from gql.schema.group import CreateGroupInput, DeleteGroupInput, RemoveGroupMemberInput, UpdateGroupInput


async def create_group(actor: Actor, input: "CreateGroupInput") -> Outcome:
    """Makes a group, or brings back the deleted one of that name."""
    new = NewGroup(
        name=input.name,
        description=input.description,
        email=input.email,
        theme_levels=[(each.theme_code, each.level) for each in input.theme_levels],
        reference_levels=[(each.type_code, each.level) for each in input.reference_levels or ()],
        member_user_ids=[key_of("User", each) for each in input.member_user_ids or ()],
        on_inactive=input.on_inactive,
    )
    return await _outcome(
        actor, await make(actor=actor, organisation_id=key_of("Organisation", input.organisation_id), given=new)
    )


def changed_group(input: "UpdateGroupInput") -> group_update.ChangedGroup:
    """What an input changes of a group.

    Raises:
        Refusals: Each that can't be emptied and is null.
    """
    require_filled(input, "name", "description", "theme_levels", "reference_levels")
    members = as_given(input.member_user_ids)
    return group_update.ChangedGroup(
        name=as_filled(input.name),
        description=as_filled(input.description),
        email=as_given(input.email),
        theme_levels=[(each.theme_code, each.level) for each in input.theme_levels or ()],
        reference_levels=[(each.type_code, each.level) for each in input.reference_levels or ()],
        member_user_ids=members if members is UNCHANGED else [key_of("User", each) for each in members or ()],
        on_inactive=input.on_inactive,
    )


async def update_group(actor: Actor, input: "UpdateGroupInput") -> Outcome:
    """Changes a group."""
    change = changed_group(input)
    return await _outcome(
        actor,
        await group_update.update_group(
            actor=actor, group_id=key_of("Group", input.id), version=input.version, change=change
        ),
    )


async def delete_group(actor: Actor, input: "DeleteGroupInput") -> Outcome:
    """Makes a group inactive."""
    return await _outcome(
        actor, await group_delete.delete_group(actor=actor, group_id=key_of("Group", input.id), version=input.version)
    )


async def remove_group_member(actor: Actor, input: "RemoveGroupMemberInput") -> Outcome:
    """Ends one fixed membership."""
    return await _outcome(
        actor,
        await group_members.remove_group_member(
            actor=actor, group_id=key_of("Group", input.id), user_id=key_of("User", input.user_id)
        ),
    )


async def _outcome(actor: Actor, change: GroupChange) -> Outcome:
    """The group, and what ended with the change: whoever may make it sees that as well."""
    memberships = Membership.filter(id__in=change.ended_memberships).order_by("id")
    links = GroupLink.filter(id__in=change.ended_links).order_by("id")
    return Outcome(
        {
            "group": change.group,
            "ended_memberships": await memberships if change.ended_memberships else [],
            "ended_group_links": await links if change.ended_links else [],
            "released_actions": await released_actions(actor, change.released),
        }
    )
