"""Messages from the contracting authority."""

from datetime import datetime

import strawberry

from domain import models, visibility
from gql.reading.declare import column, to_one
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import entity
from gql.schema.external_id import external_id
from gql.schema.node import Node
from gql.schema.references import AContract, ADocument
from gql.schema.searching import contains
from gql.schema.user_error import UserError

MESSAGES = Paging(
    orders={"RECEIVED_AT": Order("{row}.received_at", "timestamptz")},
    default=("RECEIVED_AT", True),
    filters={"search": Filter(contains("{row}.subject, {row}.body"), "text")},
)


@entity(
    models.Message,
    visible=visibility.message,
    description="A message from the contracting authority about a contract or a document (bericht).",
)
class Message(Node):
    external_id: str | None = external_id()
    contract: AContract = to_one("The contract.")
    document: ADocument | None = to_one("The document that it concerns; null if it concerns the contract.")
    subject: str = column("Onderwerp.")
    body: str = column("The text.")
    received_at: datetime = column("When it arrived.")


@strawberry.input(description="A message delivered by a contracting authority's system.")
class DeliverMessageInput:
    external_id: str = strawberry.field(
        description="The authority's own id; repeating the request returns the same message."
    )
    contract_id: strawberry.ID = strawberry.field(description="A contract that the authority awarded.")
    document_id: strawberry.ID | None = strawberry.field(
        default=None, description="The document of that contract that it concerns; its files must have arrived."
    )
    subject: str = strawberry.field(description="Onderwerp.")
    body: str = strawberry.field(description="The text.")


@strawberry.type(description="The message that was delivered, or the errors.")
class MessagePayload:
    message: Message | None = strawberry.field(description="The message; null if refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
