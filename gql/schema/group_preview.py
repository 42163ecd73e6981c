"""Previews of changes to groups and links."""

import strawberry

from gql.reading.declare import column, sql_rows, to_many, to_one
from gql.reading.sources import facet
from gql.schema.contract import SetContractGroupsInput
from gql.schema.enums import DocumentLevel, ReferenceLevel
from gql.schema.group import DeleteGroupInput, UpdateGroupInput
from gql.schema.references import AContract, AnAction, AUser
from gql.schema.theme import Theme
from gql.schema.user_error import UserError


def _keys_in(column: str) -> str:
    """JOIN: the rows whose keys are listed in a column of the preview, as JSON."""
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
    user: AUser = to_one("The user.")
    contract: AContract = to_one("The contract.")
    theme: Theme | None = to_one("The theme. Null for the contract itself: READ if the user may see it, NONE if not.")
    before: DocumentLevel = column("The level now.")
    after: DocumentLevel = column("The level after the change.")


@facet(
    "A level on the own reference of a contract that a user would gain or lose.",
    user_id="bigint",
    contract_id="bigint",
    before="smallint",
    after="smallint",
)
class ReferenceChange:
    user: AUser = to_one("The user.")
    contract: AContract = to_one("The contract.")
    before: ReferenceLevel | None = column("The level now; null if the user may not see the contract.")
    after: ReferenceLevel | None = column("The level after the change; null likewise.")


@facet("The effect of a change.", accesses="text", own_references="text", senderless="text", released="text")
class GroupChangePreview:
    """The effect of a change; the row has it as JSON, by column."""

    access_changes: list[AccessChange] = sql_rows(
        "The levels that users gain or lose, by contract.",
        """select * from jsonb_to_recordset({row}.accesses::jsonb)
           change(user_id bigint, contract_id bigint, theme_id bigint, before smallint, after smallint)""",
    )
    reference_changes: list[ReferenceChange] = sql_rows(
        "The levels on own references that users gain or lose, by contract.",
        """select * from jsonb_to_recordset({row}.own_references::jsonb)
           change(user_id bigint, contract_id bigint, before smallint, after smallint)""",
    )
    contracts_left_without_sender: list[AContract] = to_many(
        "The contracts on which nobody could send any more.", "id", join=_keys_in("senderless")
    )
    actions_released: list[AnAction] = to_many(
        "The actions whose assignee would lose the right to draw up documents for them.",
        "id",
        join=_keys_in("released"),
    )


@strawberry.input(one_of=True, description="The change to preview; exactly one field.")
class PreviewGroupChangeInput:
    update: UpdateGroupInput | None = strawberry.field(default=strawberry.UNSET, description="A change of a group.")
    delete: DeleteGroupInput | None = strawberry.field(default=strawberry.UNSET, description="The deletion of a group.")
    set_contract_groups: SetContractGroupsInput | None = strawberry.field(
        default=strawberry.UNSET, description="Another selection of groups linked to a contract."
    )


@strawberry.type(description="The effect of a change, or why it would be refused.")
class GroupChangePreviewPayload:
    preview: GroupChangePreview | None = strawberry.field(description="The effect; null if it would be refused.")
    errors: list[UserError] = strawberry.field(description="Why it would be refused; empty if it would succeed.")
