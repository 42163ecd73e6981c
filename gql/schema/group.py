"""Groups."""

import strawberry

from domain import models, visibility
from domain.models import Group as GroupRow
from domain.predicate import Predicate
from gql.reading.declare import column, connection, sql, sql_rows, to_one
from gql.reading.ids import global_id
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import entity
from gql.schema.ability import viewer_can
from gql.schema.connection import Connection
from gql.schema.contract_list import CONTRACTS
from gql.schema.contract_type import TypeReferenceLevel
from gql.schema.enums import Ability, DocumentLevel, InactiveGroupChoice, MembershipKind, ReferenceLevel
from gql.schema.membership import MEMBERSHIPS, kind_argument
from gql.schema.node import Node
from gql.schema.references import AContract, AGroupLink, AMembership, AnAction, AnOrganisation
from gql.schema.scalars import EmailAddress
from gql.schema.searching import contains
from gql.schema.theme import ThemeLevel, group_theme_levels
from gql.schema.user_error import UserError

GROUPS = Paging(
    orders={"NAME": Order("{row}.name_key", "text")},
    default=("NAME", False),
    filters={
        "search": Filter(contains("{row}.name, {row}.description, {row}.email"), "text"),
        "active": Filter("{row}.active = :value", "boolean"),
    },
)


def user_ids(keys: list[int]) -> list[strawberry.ID]:
    """The global ids of users."""
    return [strawberry.ID(global_id("User", key)) for key in keys]


@strawberry.input(description="Filters groups; all conditions must hold.")
class GroupFilter:
    search: str | None = strawberry.field(
        default=None, description="A part of the name, description or e-mail address, ignoring case and accents."
    )
    active: bool | None = strawberry.field(
        default=True, description="True, the default: only active ones. False: only deleted ones. Null: both."
    )


@entity(
    models.Group,
    visible=visibility.group,
    listed=Predicate("not {row}.archived"),
    description="A named set of rights plus its fixed members, inside one organisation (groep, manual 3.1).",
)
class Group(Node):
    organisation: AnOrganisation = to_one("The organisation that it belongs to.")
    name: str = column("Groepsnaam; unique among the active groups of the organisation.")
    description: str = column("Beschrijving.")
    email: EmailAddress | None = column("E-mailadres for the group's notifications (manual 4.2).")
    active: bool = column("False if it was deleted.")
    theme_levels: list[ThemeLevel] = sql_rows(
        "The level on each visible theme (NONE if unset), and on hidden ones above NONE.",
        group_theme_levels("id"),
    )
    reference_levels: list[TypeReferenceLevel] = sql_rows(
        "The level on the own reference of each type of contract.",
        """select ct.id as contract_type_id, coalesce(rl.level, 1) as level from contract_type ct
           left join group_reference_level rl on rl.contract_type_id = ct.id and rl.group_id = {row}.id
            and rl.valid_to is null order by ct.id""",
    )
    memberships: Connection[AMembership] | None = connection(
        "Fixed and contract-specific members (vaste and opdrachtspecifieke leden), in the order in which they were "
        "added.",
        MEMBERSHIPS,
        arguments=kind_argument(MembershipKind.FIXED),
    )
    member_user_ids: list[strawberry.ID] | None = sql(
        "All fixed members without pagination, for a form that saves the complete selection.",
        """array(select mu.user_id from membership mu where mu.group_id = {row}.id and mu.kind = 'FIXED'
           and mu.ended_at is null order by mu.id)""",
        user_ids,
    )
    contracts: Connection[AContract] | None = connection(
        "The linked contracts that the viewer may see, newest first.",
        CONTRACTS,
        join="""exists (select from group_link jl where jl.group_id = {owner}.id and jl.contract_id = {row}.id
           and jl.ended_at is null)""",
    )
    former_contracts: Connection[AContract] | None = connection(
        "The contracts that it is no longer linked to, newest first, to offer those that haven't ended; for "
        "administrators.",
        CONTRACTS,
        join="""exists (select from group_link jf where jf.group_id = {owner}.id and jf.contract_id = {row}.id)
           and not exists (select from group_link jl where jl.group_id = {owner}.id and jl.contract_id = {row}.id
           and jl.ended_at is null)""",
        guard=visibility.administrators_of,
    )
    viewer_can: list[Ability] = viewer_can(GroupRow)
    version: int = column("Changes with its own fields and fixed members; a mutation gives the one it is based on.")


@strawberry.input(description="A level to set on a theme.")
class ThemeLevelInput:
    theme_code: str = strawberry.field(description="The theme's code, such as `INVOICING`.")
    level: DocumentLevel = strawberry.field(description="The level.")


@strawberry.input(description="A level to set on the own reference of a type of contract.")
class TypeReferenceLevelInput:
    type_code: str = strawberry.field(description="The type's code, such as `CONTRACT`.")
    level: ReferenceLevel = strawberry.field(description="The level.")


@strawberry.input(description="A new group (Nieuwe groep, manual 3.1).")
class CreateGroupInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation that it will belong to.")
    name: str = strawberry.field(description="Groepsnaam; unique among the active groups.")
    description: str = strawberry.field(description="Beschrijving.")
    email: EmailAddress | None = strawberry.field(default=None, description="E-mailadres.")
    theme_levels: list[ThemeLevelInput] = strawberry.field(
        description="Levels on visible themes; themes not listed get NONE."
    )
    reference_levels: list[TypeReferenceLevelInput] | None = strawberry.field(
        default=None, description="Levels on types of contracts; types not listed get READ."
    )
    member_user_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Vaste leden: people with an active work relation and right."
    )
    on_inactive: InactiveGroupChoice | None = strawberry.field(
        default=None, description="What to do if a deleted group has the same name."
    )


@strawberry.input(
    description="A change of a group (manual 3.2): an omitted field stays unchanged, null clears it, a list replaces."
)
class UpdateGroupInput:
    id: strawberry.ID = strawberry.field(description="The group.")
    version: int = strawberry.field(description="The group's version that the change is based on.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="Groepsnaam; can't be null.")
    description: str | None = strawberry.field(default=strawberry.UNSET, description="Beschrijving; can't be null.")
    email: EmailAddress | None = strawberry.field(
        default=strawberry.UNSET, description="E-mailadres; null clears it, omitted leaves it unchanged."
    )
    theme_levels: list[ThemeLevelInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Levels on themes; a theme that isn't listed keeps its level; on a hidden theme it can only be "
        "lowered.",
    )
    reference_levels: list[TypeReferenceLevelInput] | None = strawberry.field(
        default=strawberry.UNSET, description="Levels on types of contracts; a type that isn't listed keeps its level."
    )
    member_user_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET,
        description="All fixed members; the others are removed. A current member stays one even without an active "
        "right; somebody who came back with a new work relation and an active right becomes a member through it.",
    )
    on_inactive: InactiveGroupChoice | None = strawberry.field(
        default=None, description="OVERWRITE if a deleted group has the new name."
    )


@strawberry.input(description="A group to delete (manual 3.3).")
class DeleteGroupInput:
    id: strawberry.ID = strawberry.field(description="The group.")
    version: int = strawberry.field(description="The group's version that the deletion is based on.")


@strawberry.input(description="A member to remove from a group (Lid verwijderen uit groep, manual 3.2).")
class RemoveGroupMemberInput:
    id: strawberry.ID = strawberry.field(description="The group.")
    user_id: strawberry.ID = strawberry.field(description="The fixed member.")


@strawberry.type(description="The group that was created or changed, or the errors.")
class GroupPayload:
    group: Group | None = strawberry.field(description="The group; null if refused.")
    ended_memberships: list[AMembership] = strawberry.field(
        description="The memberships that this mutation ended: those of removed members, those in an overwritten "
        "group, and with a deleted group's links the contract-specific ones."
    )
    ended_group_links: list[AGroupLink] = strawberry.field(
        description="The links that `deleteGroup` ended, each with its contract."
    )
    released_actions: list[AnAction] = strawberry.field(
        description="The actions that were released because their assignee lost access by this mutation: those that "
        "the viewer may see."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
