"""Groups linked to contracts."""

from datetime import datetime

import strawberry

from domain import models, visibility
from domain.predicate import Predicate
from gql.reading.declare import column, connection, sql, to_one
from gql.reading.sources import entity
from gql.schema.connection import Connection
from gql.schema.group import user_ids
from gql.schema.membership import MEMBERSHIPS, kind_argument
from gql.schema.node import Node
from gql.schema.references import AContract, AGroup, AMembership, AnAction
from gql.schema.user_error import UserError


@entity(
    models.GroupLink,
    visible=visibility.group_link,
    listed=Predicate("{row}.ended_at is null"),
    description="The link between a group and a contract (koppeling, manual 3.4).",
)
class GroupLink(Node):
    contract: AContract = to_one("The contract.")
    group: AGroup = to_one("The group.")
    linked_at: datetime = column("When they were linked.")
    ended_at: datetime | None = column("When they were unlinked; null while they are linked.")
    memberships: Connection[AMembership] | None = connection(
        "The members who have the group's rights on this contract: fixed and contract-specific ones, in the order"
        " in which they were added.",
        MEMBERSHIPS,
        join="""{row}.group_link_id = {owner}.id or {row}.group_id = {owner}.group_id and {row}.kind = 'FIXED'""",
        arguments=kind_argument(),
    )
    member_user_ids: list[strawberry.ID] | None = sql(
        "All contract-specific members without pagination, for a form that saves the complete selection.",
        """array(select mu.user_id from membership mu where mu.group_link_id = {row}.id
           and mu.ended_at is null order by mu.id)""",
        user_ids,
    )
    version: int = column("Changes with its contract-specific members; a mutation gives the one it is based on.")


@strawberry.input(description="The complete selection of contract-specific members (Leden koppelen, manual 3.5).")
class SetContractSpecificMembersInput:
    group_link_id: strawberry.ID = strawberry.field(description="The link between the group and the contract.")
    version: int = strawberry.field(description="The link's version that the selection is based on.")
    member_user_ids: list[strawberry.ID] = strawberry.field(
        description="All contract-specific members; the others are removed. A current member stays one even without an "
        "active right; somebody who came back with a new work relation and an active right becomes a member "
        "through it."
    )


@strawberry.type(description="The link that was changed, or the errors.")
class GroupLinkPayload:
    group_link: GroupLink | None = strawberry.field(description="The link; null if refused.")
    ended_memberships: list[AMembership] = strawberry.field(description="The memberships that this mutation ended.")
    released_actions: list[AnAction] = strawberry.field(
        description="The actions that were released because their assignee lost access by this mutation: those that "
        "the viewer may see."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
