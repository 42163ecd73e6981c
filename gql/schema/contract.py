"""Public contracts."""

from datetime import datetime
from enum import StrEnum
from typing import Final

import strawberry

from domain import models, visibility
from domain.models import Contract as ContractRow
from gql.reading.declare import column, connection, guarded, here, many, one
from gql.reading.fields import Argument
from gql.reading.functions import by_function
from gql.reading.paging import Filter, Order, Paging, Parameter
from gql.reading.queries import QueryArgument, queried_connection, queried_row
from gql.reading.sources import entity
from gql.resolvers.notification_preview import notification_preview as preview
from gql.schema.ability import viewer_can
from gql.schema.action import ACTIONS, IN_STATE
from gql.schema.connection import Connection
from gql.schema.contract_access import AS_OF, BY_NAME, EVERYONES, ONE_PERSONS, VIEWERS_OWN
from gql.schema.contract_type import ContractType
from gql.schema.describing import described
from gql.schema.document import DOCUMENTS
from gql.schema.enums import Ability, DocumentStatus, NotificationTrigger
from gql.schema.external_id import external_id
from gql.schema.message import MESSAGES
from gql.schema.node import Node
from gql.schema.notification import NOTIFICATIONS
from gql.schema.notification_preview import NotificationPreview
from gql.schema.references import (
    AContractAccess,
    ADocument,
    AGroupLink,
    AMessage,
    AnAction,
    AnOrganisation,
    ANotification,
)
from gql.schema.scalars import EmailAddress, EnterpriseNumber
from gql.schema.searching import contains
from gql.schema.user_error import UserError

_INSIDERS: Final = visibility.insiders_of.text
"""Who may learn what the organisation keeps of a contract: from its fields, and from what it is found or ordered by."""

CONTRACTS = Paging(
    orders={
        "PUBLISHED_AT": Order("{row}.published_at", "timestamptz"),
        "TITLE": Order("lower({row}.title)", "text"),
        "NUMBER": Order("lower({row}.number)", "text"),
        # An order by what the viewer may not read would tell it: the authority never learns the own reference.
        "OWN_REFERENCE": Order(
            f"case when {_INSIDERS} then lower(coalesce({{row}}.own_reference, '')) else '' end",
            "text",
        ),
    },
    default=("PUBLISHED_AT", True),
    filters={
        "search": Filter(
            contains(f"{{row}}.number, {{row}}.title, case when {_INSIDERS} then {{row}}.own_reference end"),
            "text",
        ),
        "type_code": Filter("{row}.type_id = (select ft.id from contract_type ft where ft.code = :value)", "text"),
        "number": Filter("{row}.number = :value", "text"),
        "external_id": Filter(f"{visibility.authority_of.text} and {{row}}.external_id = :value", "text"),
        "ended": Filter("({row}.ended_at is not null) = :value", "boolean"),
        "group_id": Filter(
            f"{_INSIDERS} and exists (select from group_link fl where fl.contract_id = {{row}}.id"
            " and fl.ended_at is null and fl.group_id = :value)",
            "bigint",
            entity="Group",
        ),
    },
)


class ContractOrderField(StrEnum):
    PUBLISHED_AT = "PUBLISHED_AT"
    TITLE = "TITLE"
    OWN_REFERENCE = "OWN_REFERENCE"
    NUMBER = "NUMBER"


class OrderDirection(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


described(
    ContractOrderField,
    "What contracts can be ordered by; texts whatever their case.",
    PUBLISHED_AT="When the contract was published.",
    TITLE="The title.",
    OWN_REFERENCE="Eigen referentie; a contract without one comes as the lowest.",
    NUMBER="The contract's number.",
)
described(OrderDirection, "Up or down.", ASC="From the lowest up.", DESC="From the highest down.")


@strawberry.input(description="How to order contracts.")
class ContractOrder:
    field: ContractOrderField = strawberry.field(description="What to order by.")
    direction: OrderDirection = strawberry.field(description="Up or down.")


@strawberry.input(description="Which contracts to list.")
class ContractFilter:
    search: str | None = strawberry.field(
        default=None, description="A part of the number, title or own reference, whatever its case and accents."
    )
    type_code: str | None = strawberry.field(
        default=None,
        description="Only contracts of the type with this code, such as `CONTRACT`; none of an unknown one.",
    )
    number: str | None = strawberry.field(
        default=None, description="Only contracts with exactly this number (opdrachtnummer)."
    )
    external_id: str | None = strawberry.field(
        default=None, description="Only the contract that the asking authority published under this id of its own."
    )
    ended: bool | None = strawberry.field(default=None, description="Ended ones, or those that run; null for both.")
    group_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only contracts that this group is linked to; none where you may see no such group."
    )


@entity(
    models.Contract,
    visible=visibility.contract,
    description="A public contract between a contracting authority and an organisation (opdracht, overeenkomst).",
)
class Contract(Node):
    external_id: str | None = external_id()
    number: str = column("The authority's number (opdrachtnummer).")
    title: str = column("Titel.")
    type: ContractType = one("The type (type opdracht).")
    organisation: AnOrganisation = one("The organisation that carries it out.")
    contracting_authority: AnOrganisation = one("The authority that awarded it (aanbesteder).")
    own_reference: str | None = guarded(
        "The organisation's own name for it (eigen referentie); null for the authority.", visibility.insiders_of
    )
    email: EmailAddress | None = guarded(
        "When filled, every notification about the contract goes to this address alone (manual 4.1); null for the "
        "authority.",
        visibility.insiders_of,
    )
    published_at: datetime = column("When it became available here.")
    ended_at: datetime | None = column("When it ended: it is read-only from then on; null while it runs.")
    group_links: list[AGroupLink] | None = many(
        "The groups that it is linked to (gekoppelde groepen), in that order; null for the authority.",
        "linked_at",
        "id",
        guard=visibility.insiders_of,
    )
    documents: Connection[ADocument] | None = connection(
        "The documents that the viewer may read, newest first.",
        DOCUMENTS,
        arguments={
            "theme_code": Argument(
                str | None, None, "Only in the theme with this code, such as `INVOICING`; none in an unknown one."
            ),
            "status": Argument(DocumentStatus | None, None, "Only in this state."),
        },
    )
    messages: Connection[AMessage] | None = connection(
        "The messages that the viewer may read, newest first.",
        MESSAGES,
        arguments={
            "search": Argument(str | None, None, "A part of the subject or the text, whatever its case and accents.")
        },
    )
    actions: Connection[AnAction] | None = connection(
        "The actions that the viewer may see, newest first.",
        ACTIONS,
        arguments={"status": IN_STATE},
    )
    viewer_access: AContractAccess | None = here(
        "What the viewer may do on it, and why. Null for a machine client.",
        VIEWERS_OWN,
        guard=visibility.persons,
    )
    access: Connection[AContractAccess] | None = queried_connection(
        "Everyone who has access, and why, by family name; for administrators.",
        EVERYONES,
        BY_NAME,
        {"as_of": AS_OF},
        guard=visibility.administrators_of,
    )
    access_of: AContractAccess | None = queried_row(
        "What one user may do on it, and why: without reasons when nothing. For administrators.",
        ONE_PERSONS,
        visibility.administrators_of,
        user_id=QueryArgument(Argument(strawberry.ID, description="The user."), Parameter("bigint", "User")),
        as_of=AS_OF,
    )
    notifications: Connection[ANotification] | None = connection(
        "The mails about it and what became of them; for administrators.",
        NOTIFICATIONS,
        guard=visibility.administrators_of,
    )
    notification_preview: NotificationPreview | None = by_function(
        "Who would be mailed if this happened now, and what would be written; nothing is sent. For administrators.",
        preview,
        {
            "trigger": Argument(NotificationTrigger, description="What would happen."),
            "theme_code": Argument(
                str | None,
                None,
                "The theme of the document that it would concern: required for a document; a message or an action "
                "without one concerns the contract itself.",
            ),
        },
        guard=visibility.administrators_of,
    )
    viewer_can: list[Ability] = viewer_can(ContractRow)
    version: int = column("Moves with reference, e-mail and links, never with deliveries.")


@strawberry.input(description="The whole selection of groups tied to a contract (Groepen koppelen, manual 3.4).")
class SetContractGroupsInput:
    contract_id: strawberry.ID = strawberry.field(description="The contract.")
    version: int = strawberry.field(description="The contract's version that the selection was made from.")
    group_ids: list[strawberry.ID] = strawberry.field(description="All groups to be tied; the others are untied.")


@strawberry.input(description="What the organisation keeps about a contract (manual 4.1).")
class UpdateContractInput:
    id: strawberry.ID = strawberry.field(description="The contract.")
    version: int = strawberry.field(description="The contract's version that the change was made from.")
    own_reference: str | None = strawberry.field(
        default=strawberry.UNSET, description="Eigen referentie; null empties it, left out leaves it."
    )
    email: EmailAddress | None = strawberry.field(
        default=strawberry.UNSET, description="E-mailadres; null empties it, left out leaves it."
    )


@strawberry.type(description="A contract that was changed, or why not.")
class ContractPayload:
    contract: Contract | None = strawberry.field(description="The contract; null when refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")


@strawberry.input(description="A contract that a contracting authority's system publishes.")
class PublishContractInput:
    external_id: str = strawberry.field(description="The authority's own id; a repeat gives the same contract.")
    number: str = strawberry.field(description="The authority's number (opdrachtnummer).")
    title: str = strawberry.field(description="Titel.")
    type_code: str = strawberry.field(description="The code of a type of contract, such as `CONTRACT`.")
    contractor_enterprise_number: EnterpriseNumber = strawberry.field(description="Who carries it out.")


@strawberry.input(description="What is corrected of a contract; what is left out stays.")
class CorrectContractInput:
    id: strawberry.ID = strawberry.field(description="The contract, one that the authority awarded.")
    number: str | None = strawberry.field(
        default=strawberry.UNSET, description="The authority's number (opdrachtnummer); it can't be emptied."
    )
    title: str | None = strawberry.field(default=strawberry.UNSET, description="Titel; it can't be emptied.")
    type_code: str | None = strawberry.field(
        default=strawberry.UNSET, description="The code of a type, such as `CONTRACT`; it can't be emptied."
    )


@strawberry.input(description="Which contract ends, and why.")
class EndContractInput:
    id: strawberry.ID = strawberry.field(description="The contract, one that the authority awarded.")
    reason: str = strawberry.field(description="Reden; required.")
