"""Groups: made."""

from typing import Any

from domain.actor import Actor
from domain.models import Group
from domain.rules.group import NewGroup
from domain.rules.group import create_group as make
from gql.reading.ids import key_of


async def create_group(actor: Actor, given: Any) -> Group:
    """Makes a group, or brings back the deleted one of that name."""
    new = NewGroup(
        name=given.name,
        description=given.description,
        email=given.email,
        theme_levels=[(each.theme_code, each.level) for each in given.theme_levels],
        reference_levels=[(each.type_code, each.level) for each in given.reference_levels or ()],
        member_user_ids=[key_of("User", each) for each in given.member_user_ids or ()],
        on_inactive=given.on_inactive,
    )
    return await make(actor=actor, organisation_id=key_of("Organisation", given.organisation_id), given=new)
