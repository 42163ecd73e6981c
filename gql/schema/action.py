"""Work to be done on a contract."""

from datetime import datetime
from typing import Final

import strawberry

from domain import models, visibility
from domain.access import may_take_action
from domain.models import Action as ActionRow
from gql.reading.declare import column, guarded, to_many, to_one
from gql.reading.fields import Argument
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import entity
from gql.schema.ability import viewer_can
from gql.schema.enums import Ability, ActionStatus
from gql.schema.external_id import external_id
from gql.schema.node import Node
from gql.schema.references import AContract, ADocument, AUser
from gql.schema.user_error import UserError

ACTIONS = Paging(
    orders={"CREATED_AT": Order("{row}.created_at", "timestamptz")},
    default=("CREATED_AT", True),
    filters={"status": Filter("{row}.status = :value", "text")},
)

STATUS_ARGUMENT: Final = Argument(ActionStatus | None, None, "Only those with this status.")

ASSIGNABLE_USERS: Final = f"""{{owner}}.status = 'OPEN'
  and exists (select from contract jc where jc.id = {{owner}}.contract_id and jc.ended_at is null)
  and {{row}}.id in (
    select jm.user_id from group_link jl join membership jm on jm.group_id = jl.group_id
    where jl.contract_id = {{owner}}.contract_id)
  and {may_take_action("{row}.id", "{owner}.contract_id", "{owner}.document_id")}"""
"""JOIN: the users to whom `assignAction` would assign the action now; the members come first, as they are few."""


@entity(
    models.Action,
    visible=visibility.action,
    description="Work to be done on a contract, usually on a document (actie).",
)
class Action(Node):
    external_id: str | None = external_id()
    contract: AContract = to_one("The contract.")
    document: ADocument | None = to_one("The document that it concerns; null if none.")
    title: str = column("Titel.")
    status: ActionStatus = column("Open, assigned or done.")
    created_at: datetime = column("When the authority opened it.")
    assignee: AUser | None = to_one(
        "The user to whom it is assigned. Null for the contracting authority.",
        key=f"case when {visibility.persons.text} then {{row}}.assignee_id end",
    )
    assigned_at: datetime | None = guarded(
        "When it was assigned. Null for the contracting authority.", visibility.persons
    )
    assignable_users: list[AUser] | None = to_many(
        "The users to whom it can be assigned now: those who may draw up documents on its theme. Empty unless the"
        " action is open and the contract has not ended. Null for the contracting authority.",
        "family_name",
        "given_name",
        "id",
        join=ASSIGNABLE_USERS,
        guard=visibility.persons,
    )
    viewer_can: list[Ability] = viewer_can(ActionRow)
    version: int = column("Changes with every update; a mutation gives the one it is based on.")


@strawberry.input(description="An action that a contracting authority's system opens.")
class OpenActionInput:
    external_id: str = strawberry.field(
        description="The authority's own id; repeating the request returns the same action."
    )
    contract_id: strawberry.ID = strawberry.field(description="A contract that the authority awarded.")
    document_id: strawberry.ID | None = strawberry.field(
        default=None, description="The document of that contract that it concerns; its files must have arrived."
    )
    title: str = strawberry.field(description="Titel.")


@strawberry.type(description="The action that was opened or changed, or the errors.")
class ActionPayload:
    action: Action | None = strawberry.field(description="The action; null if refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")


@strawberry.input(description="An assignment of an open action, to oneself or somebody else.")
class AssignActionInput:
    id: strawberry.ID = strawberry.field(description="The action.")
    version: int = strawberry.field(description="The version that the change is based on.")
    user_id: strawberry.ID = strawberry.field(description="A user who may draw up documents on its theme.")


@strawberry.input(description="An action to release (vrijgeven).")
class ReleaseActionInput:
    id: strawberry.ID = strawberry.field(description="The action.")
    version: int = strawberry.field(description="The version that the change is based on.")
    reason: str | None = strawberry.field(default=None, description="Reden.")


@strawberry.input(description="An action to complete.")
class CompleteActionInput:
    id: strawberry.ID = strawberry.field(description="The action.")
    version: int = strawberry.field(description="The version that the change is based on.")
