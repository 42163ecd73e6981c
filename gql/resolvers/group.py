"""Groups: created, updated, deleted."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.rules import group as rules
from domain.rules import group_deletion, group_members, group_update
from domain.rules.group_change import GroupChange
from domain.unchanged import UNCHANGED
from gql.reading.ids import key_of
from gql.resolvers.access_changes import ended_group_links, ended_memberships, released_actions
from gql.resolvers.optional_fields import or_unchanged, require_not_null, required_or_unchanged
from gql.roots import PayloadFields

if TYPE_CHECKING:
    from gql.schema.group import CreateGroupInput, DeleteGroupInput, RemoveGroupMemberInput, UpdateGroupInput


async def create_group(actor: Actor, input: "CreateGroupInput") -> PayloadFields:
    """Creates a group, or reactivates the deleted one of that name."""
    new = rules.NewGroup(
        name=input.name,
        description=input.description,
        email=input.email,
        theme_levels=[(each.theme_code, each.level) for each in input.theme_levels],
        reference_levels=[(each.type_code, each.level) for each in input.reference_levels or ()],
        member_user_ids=[key_of("User", each) for each in input.member_user_ids or ()],
        on_inactive=input.on_inactive,
    )
    organisation_id = key_of("Organisation", input.organisation_id)
    change = await rules.create_group(actor=actor, organisation_id=organisation_id, new=new)
    return await _payload_fields(actor, change)


def group_update_of(input: "UpdateGroupInput") -> group_update.GroupUpdate:
    """The update of a group as the rule takes it.

    Raises:
        Refusals: One for each field that is null but can't be emptied.
    """
    require_not_null(input, "name", "description", "theme_levels", "reference_levels")
    user_ids = or_unchanged(input.member_user_ids)
    return group_update.GroupUpdate(
        name=required_or_unchanged(input.name),
        description=required_or_unchanged(input.description),
        email=or_unchanged(input.email),
        theme_levels=[(each.theme_code, each.level) for each in input.theme_levels or ()],
        reference_levels=[(each.type_code, each.level) for each in input.reference_levels or ()],
        member_user_ids=user_ids if user_ids is UNCHANGED else [key_of("User", each) for each in user_ids or ()],
        on_inactive=input.on_inactive,
    )


async def update_group(actor: Actor, input: "UpdateGroupInput") -> PayloadFields:
    """Changes a group."""
    change = await group_update.update_group(
        actor=actor, group_id=key_of("Group", input.id), version=input.version, update=group_update_of(input)
    )
    return await _payload_fields(actor, change)


async def delete_group(actor: Actor, input: "DeleteGroupInput") -> PayloadFields:
    """Makes a group inactive."""
    group_id = key_of("Group", input.id)
    change = await group_deletion.delete_group(actor=actor, group_id=group_id, version=input.version)
    return await _payload_fields(actor, change)


async def remove_group_member(actor: Actor, input: "RemoveGroupMemberInput") -> PayloadFields:
    """Ends one fixed membership."""
    change = await group_members.remove_group_member(
        actor=actor, group_id=key_of("Group", input.id), user_id=key_of("User", input.user_id)
    )
    return await _payload_fields(actor, change)


async def _payload_fields(actor: Actor, change: GroupChange) -> PayloadFields:
    """The group, and what ended with the change."""
    return PayloadFields(
        {
            "group": change.group,
            "ended_memberships": ended_memberships(change.ended_membership_ids),
            "ended_group_links": ended_group_links(change.ended_link_ids),
            "released_actions": await released_actions(actor, change.released_action_ids),
        }
    )
