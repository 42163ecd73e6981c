"""What a change to groups or links would do, before it is done."""

import strawberry

from gql.reading.declare import column, one
from gql.reading.sources import facet
from gql.schema.contract import SetContractGroupsInput
from gql.schema.enums import DocumentLevel
from gql.schema.group import DeleteGroupInput, UpdateGroupInput
from gql.schema.references import AContract, AnAction, AUser
from gql.schema.theme import Theme
from gql.schema.user_error import UserError


@facet(
    "A level that a user would gain or lose on a contract.",
    user_id="bigint",
    contract_id="bigint",
    theme_id="bigint",
    before="smallint",
    after="smallint",
)
class AccessChange:
    """A level that a user would gain or lose on a contract."""

    user: AUser = one("The user.")
    contract: AContract = one("The contract.")
    theme: Theme | None = one(
        "The theme. Null for the contract itself: READ is that it is open to the user, NONE that it isn't."
    )
    before: DocumentLevel = column("The level now.")
    after: DocumentLevel = column("The level then.")


@strawberry.type(description="What a change would do.")
class GroupChangePreview:
    """What a change would do."""

    access_changes: list[AccessChange] = strawberry.field(description="Who gains or loses what, contract by contract.")
    contracts_left_without_sender: list[AContract] = strawberry.field(
        description="The contracts on which somebody can send now, and nobody then."
    )
    actions_released: list[AnAction] = strawberry.field(
        description="The actions whose assignee loses the right to draw up documents for them."
    )


@strawberry.input(one_of=True, description="Exactly one of the three.")
class PreviewGroupChangeInput:
    """Exactly one of the three."""

    update: UpdateGroupInput | None = strawberry.field(default=strawberry.UNSET, description="A change of a group.")
    delete: DeleteGroupInput | None = strawberry.field(default=strawberry.UNSET, description="A group's deletion.")
    set_contract_groups: SetContractGroupsInput | None = strawberry.field(
        default=strawberry.UNSET, description="Another selection of groups tied to a contract."
    )


@strawberry.type(description="What a change would do, or why it would be refused.")
class GroupChangePreviewPayload:
    """What a change would do, or why it would be refused."""

    preview: GroupChangePreview | None = strawberry.field(description="What it would do; null when refused.")
    errors: list[UserError] = strawberry.field(description="Why it would be refused; empty when it would work.")
