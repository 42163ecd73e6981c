"""What a change to groups or links would do, before it is done."""

import strawberry

from gql.reading.declare import column, many, one, rows
from gql.reading.sources import facet
from gql.schema.contract import SetContractGroupsInput
from gql.schema.enums import DocumentLevel, ReferenceLevel
from gql.schema.group import DeleteGroupInput, UpdateGroupInput
from gql.schema.references import AContract, AnAction, AUser
from gql.schema.theme import Theme
from gql.schema.user_error import UserError


def _named(column: str) -> str:
    """The rows whose keys stand in a column of the preview."""
    return f"{{row}}.id in (select value::bigint from jsonb_array_elements_text({{owner}}.{column}::jsonb))"


@facet(
    "A level that a user would gain or lose on a contract.",
    user_id="bigint",
    contract_id="bigint",
    theme_id="bigint",
    before="smallint",
    after="smallint",
)
class AccessChange:
    user: AUser = one("The user.")
    contract: AContract = one("The contract.")
    theme: Theme | None = one(
        "The theme. Null for the contract itself: READ is that it is open to the user, NONE that it isn't."
    )
    before: DocumentLevel = column("The level now.")
    after: DocumentLevel = column("The level then.")


@facet(
    "A level on the own reference of a contract that a user would gain or lose.",
    user_id="bigint",
    contract_id="bigint",
    before="smallint",
    after="smallint",
)
class ReferenceChange:
    user: AUser = one("The user.")
    contract: AContract = one("The contract.")
    before: ReferenceLevel | None = column("The level now; null while the contract isn't open to the user.")
    after: ReferenceLevel | None = column("The level then, likewise.")


@facet("What a change would do.", accesses="text", own_references="text", senderless="text", released="text")
class GroupChangePreview:
    """What a change would do; what was found out about it stands in the row as JSON."""

    access_changes: list[AccessChange] = rows(
        "Who gains or loses what, contract by contract.",
        """select * from jsonb_to_recordset({row}.accesses::jsonb)
           found(user_id bigint, contract_id bigint, theme_id bigint, before smallint, after smallint)""",
    )
    reference_changes: list[ReferenceChange] = rows(
        "Who may read or change the own reference of which contracts then, and couldn't now; or the other way round.",
        """select * from jsonb_to_recordset({row}.own_references::jsonb)
           found(user_id bigint, contract_id bigint, before smallint, after smallint)""",
    )
    contracts_left_without_sender: list[AContract] = many(
        "The contracts on which somebody can send now, and nobody then.", "id", join=_named("senderless")
    )
    actions_released: list[AnAction] = many(
        "The actions whose assignee loses the right to draw up documents for them.", "id", join=_named("released")
    )


@strawberry.input(one_of=True, description="Exactly one of the three.")
class PreviewGroupChangeInput:
    update: UpdateGroupInput | None = strawberry.field(default=strawberry.UNSET, description="A change of a group.")
    delete: DeleteGroupInput | None = strawberry.field(default=strawberry.UNSET, description="A group's deletion.")
    set_contract_groups: SetContractGroupsInput | None = strawberry.field(
        default=strawberry.UNSET, description="Another selection of groups tied to a contract."
    )


@strawberry.type(description="What a change would do, or why it would be refused.")
class GroupChangePreviewPayload:
    preview: GroupChangePreview | None = strawberry.field(description="What it would do; null when refused.")
    errors: list[UserError] = strawberry.field(description="Why it would be refused; empty when it would work.")
