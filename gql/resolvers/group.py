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
    return await _payload_fields(actor, await rules.create_group(actor=actor, organisation_id=organisation_id, new=new))


def group_update_of(input: "UpdateGroupInput") -> group_update.GroupUpdate:
    """The update of a group that an input asks for.

    Raises:
        Refusals: One for each field that can't be emptied and is null.
    """
    require_not_null(input, "name", "description", "theme_levels", "reference_levels")
    members = or_unchanged(input.member_user_ids)
    return group_update.GroupUpdate(
        name=required_or_unchanged(input.name),
        description=required_or_unchanged(input.description),
        email=or_unchanged(input.email),
        theme_levels=[(each.theme_code, each.level) for each in input.theme_levels or ()],
        reference_levels=[(each.type_code, each.level) for each in input.reference_levels or ()],
        member_user_ids=members if members is UNCHANGED else [key_of("User", each) for each in members or ()],
        on_inactive=input.on_inactive,
    )


async def update_group(actor: Actor, input: "UpdateGroupInput") -> PayloadFields:
    """Changes a group."""
    update = group_update_of(input)
    return await _payload_fields(
        actor,
        await group_update.update_group(
            actor=actor, group_id=key_of("Group", input.id), version=input.version, update=update
        ),
    )


async def delete_group(actor: Actor, input: "DeleteGroupInput") -> PayloadFields:
    """Makes a group inactive."""
    return await _payload_fields(
        actor,
        await group_deletion.delete_group(actor=actor, group_id=key_of("Group", input.id), version=input.version),
    )


async def remove_group_member(actor: Actor, input: "RemoveGroupMemberInput") -> PayloadFields:
    """Ends one fixed membership."""
    return await _payload_fields(
        actor,
        await group_members.remove_group_member(
            actor=actor, group_id=key_of("Group", input.id), user_id=key_of("User", input.user_id)
        ),
    )


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
