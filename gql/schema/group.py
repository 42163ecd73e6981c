"""Groups."""

import strawberry

from domain import models, visibility
from domain.models import Group as GroupRow
from domain.predicate import Predicate
from gql.reading.declare import column, connection, one, rows, sql
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
from gql.schema.references import AContract, AGroupLink, AMembership, AnOrganisation
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


@strawberry.input(description="Which groups to list.")
class GroupFilter:
    search: str | None = strawberry.field(
        default=None, description="A part of the name, description or e-mail address, whatever its case and accents."
    )
    active: bool | None = strawberry.field(
        default=True, description="Active ones, also when left out, or deleted ones; null for both."
    )


@entity(
    models.Group,
    visible=visibility.group,
    listed=Predicate("not {row}.archived"),
    description="A named set of rights plus its fixed members, inside one organisation (groep, manual 3.1).",
)
class Group(Node):
    organisation: AnOrganisation = one("The organisation whose group it is.")
    name: str = column("Groepsnaam; unique among the active groups of the organisation.")
    description: str = column("Beschrijving.")
    email: EmailAddress | None = column("E-mailadres: notifications for the group go there (manual 4.2).")
    active: bool = column("False when it was deleted.")
    theme_levels: list[ThemeLevel] = rows(
        "The level on each visible theme (NONE when unset), and on each hidden one above NONE.",
        group_theme_levels("id"),
    )
    reference_levels: list[TypeReferenceLevel] = rows(
        "The level on the own reference of each type of contract.",
        """select ct.id as contract_type_id, coalesce(rl.level, 1) as level from contract_type ct
           left join group_reference_level rl on rl.contract_type_id = ct.id and rl.group_id = {row}.id
            and rl.valid_to is null order by ct.id""",
    )
    memberships: Connection[AMembership] | None = connection(
        "Vaste leden and opdrachtspecifieke leden, in the order in which they became so.",
        MEMBERSHIPS,
        arguments=kind_argument(MembershipKind.FIXED),
    )
    member_user_ids: list[strawberry.ID] | None = sql(
        "All fixed members, for a form that saves the whole selection.",
        """array(select mu.user_id from membership mu where mu.group_id = {row}.id and mu.kind = 'FIXED'
           and mu.ended_at is null order by mu.id)""",
        user_ids,
    )
    contracts: Connection[AContract] | None = connection(
        "The contracts that it is linked to and that the viewer sees, newest first.",
        CONTRACTS,
        join="""exists (select from group_link jl where jl.group_id = {owner}.id and jl.contract_id = {row}.id
           and jl.ended_at is null)""",
    )
    former_contracts: Connection[AContract] | None = connection(
        "The contracts that it was linked to before and isn't now, newest first, so that those that run can be offered;"
        " for administrators.",
        CONTRACTS,
        join="""exists (select from group_link jf where jf.group_id = {owner}.id and jf.contract_id = {row}.id)
           and not exists (select from group_link jl where jl.group_id = {owner}.id and jl.contract_id = {row}.id
           and jl.ended_at is null)""",
        guard=visibility.administrators_of,
    )
    viewer_can: list[Ability] = viewer_can(GroupRow)
    version: int = column("Moves with its own fields and fixed members; an update names the one it was made from.")


@strawberry.input(description="A level to give on a theme.")
class ThemeLevelInput:
    theme_code: str = strawberry.field(description="The theme's code, such as `INVOICING`.")
    level: DocumentLevel = strawberry.field(description="The level.")


@strawberry.input(description="A level to give on the own reference of a type of contract.")
class TypeReferenceLevelInput:
    type_code: str = strawberry.field(description="The type's code, such as `CONTRACT`.")
    level: ReferenceLevel = strawberry.field(description="The level.")


@strawberry.input(description="A new group (Nieuwe groep, manual 3.1).")
class CreateGroupInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation whose group it will be.")
    name: str = strawberry.field(description="Groepsnaam; unique among the active groups.")
    description: str = strawberry.field(description="Beschrijving.")
    email: EmailAddress | None = strawberry.field(default=None, description="E-mailadres.")
    theme_levels: list[ThemeLevelInput] = strawberry.field(description="Levels on visible themes; the rest gets NONE.")
    reference_levels: list[TypeReferenceLevelInput] | None = strawberry.field(
        default=None, description="Levels on types of contracts; the rest gets READ."
    )
    member_user_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Vaste leden: people with an active work relation and right."
    )
    on_inactive: InactiveGroupChoice | None = strawberry.field(
        default=None, description="What to do when a deleted group has the name."
    )


@strawberry.input(
    description="What changes of a group (manual 3.2): a field left out stays, null empties, a list replaces."
)
class UpdateGroupInput:
    id: strawberry.ID = strawberry.field(description="The group.")
    version: int = strawberry.field(description="The group's version that the change was made from.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="Groepsnaam; can't be emptied.")
    description: str | None = strawberry.field(default=strawberry.UNSET, description="Beschrijving; can't be emptied.")
    email: EmailAddress | None = strawberry.field(
        default=strawberry.UNSET, description="E-mailadres; null empties it, left out leaves it."
    )
    theme_levels: list[ThemeLevelInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Levels on themes; one that isn't listed keeps its level; on a hidden one it can be lowered alone.",
    )
    reference_levels: list[TypeReferenceLevelInput] | None = strawberry.field(
        default=strawberry.UNSET, description="Levels on types of contracts; a type that isn't listed keeps its level."
    )
    member_user_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET,
        description="All fixed members: the others leave. Who is a member stays one, even without an active right; who "
        "came back with a new work relation and an active right becomes one through it.",
    )
    on_inactive: InactiveGroupChoice | None = strawberry.field(
        default=None, description="OVERWRITE, when a deleted group has the new name."
    )


@strawberry.input(description="Which group is deleted (manual 3.3).")
class DeleteGroupInput:
    id: strawberry.ID = strawberry.field(description="The group.")
    version: int = strawberry.field(description="The group's version that was looked at.")


@strawberry.input(description="Who leaves a group (Lid verwijderen uit groep, manual 3.2).")
class RemoveGroupMemberInput:
    id: strawberry.ID = strawberry.field(description="The group.")
    user_id: strawberry.ID = strawberry.field(description="The fixed member.")


@strawberry.type(description="A group that was made or changed, or why not.")
class GroupPayload:
    group: Group | None = strawberry.field(description="The group; null when refused.")
    ended_memberships: list[AMembership] = strawberry.field(
        description="The memberships that this call ended: of those who left, and with a deleted group's links the "
        "contract-specific ones."
    )
    ended_group_links: list[AGroupLink] = strawberry.field(
        description="The links to contracts that this call ended, by `deleteGroup`; each leads to its contract."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")
