"""Public contracts."""

from datetime import datetime

import strawberry

from domain import models, visibility
from domain.models import Contract as ContractRow
from gql.reading.declare import column, connection, embedded, guarded, to_many, to_one
from gql.reading.fields import Argument
from gql.reading.functions import by_function
from gql.reading.paging import Parameter
from gql.reading.queries import QueryArgument, sql_connection, sql_row
from gql.reading.sources import entity
from gql.resolvers.notification_preview import notification_preview as preview
from gql.schema.ability import viewer_can
from gql.schema.action import ACTIONS, STATUS_ARGUMENT
from gql.schema.connection import Connection
from gql.schema.contract_access import ACCESS_OF_EVERYONE, ACCESS_OF_USER, ACCESS_OF_VIEWER, AS_OF, BY_NAME
from gql.schema.contract_type import ContractType
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
    AMembership,
    AMessage,
    AnAction,
    AnOrganisation,
    ANotification,
)
from gql.schema.scalars import EmailAddress
from gql.schema.user_error import UserError


@entity(
    models.Contract,
    visible=visibility.contract,
    description="A public contract between a contracting authority and an organisation (opdracht, overeenkomst).",
)
class Contract(Node):
    external_id: str | None = external_id()
    number: str = column("The authority's number (opdrachtnummer).")
    title: str = column("Titel.")
    type: ContractType = to_one("The type (type opdracht).")
    organisation: AnOrganisation = to_one("The organisation that carries it out.")
    contracting_authority: AnOrganisation = to_one("The contracting authority that awarded it (aanbesteder).")
    own_reference: str | None = guarded(
        "The organisation's own name for it (eigen referentie); null for the authority.", visibility.insiders_of
    )
    email: EmailAddress | None = guarded(
        "If set, all notifications about the contract go to this address only (manual 4.1); null for the authority.",
        visibility.insiders_of,
    )
    published_at: datetime = column("When it became available here.")
    ended_at: datetime | None = column("When it ended; it is read-only from then on. Null if it has not ended.")
    group_links: list[AGroupLink] | None = to_many(
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
                str | None, None, "Only in the theme with this code, such as `INVOICING`; an unknown code matches none."
            ),
            "status": Argument(DocumentStatus | None, None, "Only those with this status."),
            "search": Argument(str | None, None, "A part of the title or of a file name, ignoring case and accents."),
        },
    )
    messages: Connection[AMessage] | None = connection(
        "The messages that the viewer may read, newest first.",
        MESSAGES,
        arguments={
            "search": Argument(str | None, None, "A part of the subject or the text, ignoring case and accents.")
        },
    )
    actions: Connection[AnAction] | None = connection(
        "The actions that the viewer may see, newest first.",
        ACTIONS,
        arguments={"status": STATUS_ARGUMENT},
    )
    viewer_access: AContractAccess | None = embedded(
        "The viewer's access to it, with reasons. Null for a machine client.",
        ACCESS_OF_VIEWER,
        guard=visibility.persons,
    )
    access: Connection[AContractAccess] | None = sql_connection(
        "Everyone who has access, with reasons, ordered by family name; for administrators.",
        ACCESS_OF_EVERYONE,
        BY_NAME,
        {"as_of": AS_OF},
        guard=visibility.administrators_of,
    )
    access_of: AContractAccess | None = sql_row(
        "One user's access to it, with reasons; no reasons if the user has none. For administrators.",
        ACCESS_OF_USER,
        visibility.administrators_of,
        user_id=QueryArgument(Argument(strawberry.ID, description="The user."), Parameter("bigint", "User")),
        as_of=AS_OF,
    )
    notifications: Connection[ANotification] | None = connection(
        "The notifications about it and the outcome of their mails; for administrators.",
        NOTIFICATIONS,
        guard=visibility.administrators_of,
    )
    notification_preview: NotificationPreview | None = by_function(
        "The recipients and content of the mail that this event would cause now; nothing is sent. For administrators.",
        preview,
        {
            "trigger": Argument(NotificationTrigger, description="The event."),
            "theme_code": Argument(
                str | None,
                None,
                "The theme of the document concerned: required for a document; a message or an action without it "
                "concerns the contract itself.",
            ),
        },
        guard=visibility.administrators_of,
    )
    viewer_can: list[Ability] = viewer_can(ContractRow)
    version: int = column("Changes with reference, e-mail and links, never with deliveries.")


@strawberry.input(description="The complete selection of groups linked to a contract (Groepen koppelen, manual 3.4).")
class SetContractGroupsInput:
    contract_id: strawberry.ID = strawberry.field(description="The contract.")
    version: int = strawberry.field(description="The contract's version that the selection is based on.")
    group_ids: list[strawberry.ID] = strawberry.field(description="All groups to be linked; the others are unlinked.")


@strawberry.input(description="The organisation's own data about a contract (manual 4.1).")
class UpdateContractInput:
    id: strawberry.ID = strawberry.field(description="The contract.")
    version: int = strawberry.field(description="The contract's version that the change is based on.")
    own_reference: str | None = strawberry.field(
        default=strawberry.UNSET, description="Eigen referentie; null clears it, omitted leaves it unchanged."
    )
    email: EmailAddress | None = strawberry.field(
        default=strawberry.UNSET, description="E-mailadres; null clears it, omitted leaves it unchanged."
    )


@strawberry.type(description="The contract that was changed, or the errors.")
class ContractPayload:
    contract: Contract | None = strawberry.field(description="The contract; null if refused.")
    ended_group_links: list[AGroupLink] = strawberry.field(
        description="The links that `setContractGroups` ended, each with its group."
    )
    ended_memberships: list[AMembership] = strawberry.field(
        description="The contract-specific memberships that ended with these links."
    )
    released_actions: list[AnAction] = strawberry.field(
        description="The actions that were released because their assignee lost access by this mutation: those that "
        "the viewer may see."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
