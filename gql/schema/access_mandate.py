"""Access mandates."""

from datetime import datetime

import strawberry

from domain import models, visibility
from domain.mandates import mandate_counts
from domain.models import AccessMandate as AccessMandateRow
from domain.predicate import Predicate
from gql.reading.declare import column, sql, to_one
from gql.reading.sources import entity
from gql.schema.ability import viewer_can
from gql.schema.enums import Ability, AccessMandateKind
from gql.schema.node import Node
from gql.schema.references import AnOrganisation, AUser
from gql.schema.scalars import EmailAddress
from gql.schema.user_error import UserError


@entity(
    models.AccessMandate,
    visible=visibility.access_mandate,
    listed=Predicate("{row}.ended_at is null"),
    description="The mandate to manage access for an organisation (mandaat, manual 2). An appointee's is effective "
    "while the work relation that they had when appointed is active; with a new work relation they must be appointed "
    "again.",
)
class AccessMandate(Node):
    kind: AccessMandateKind = column("The kind of mandate.")
    organisation: AnOrganisation = to_one("The organisation.")
    user: AUser = to_one("The person who holds it.")
    email: EmailAddress | None = column(
        "The address for mails to this mandate; if null, the work relation's address is used."
    )
    since: datetime = column("When it began.")
    ended_at: datetime | None = column("When it ended; null while it is open, even if it is not effective.")
    effective: bool = sql(
        "True while it is open and its holder is a legal representative, or an appointee whose work relation of "
        "the appointment is active.",
        mandate_counts("{row}"),
    )
    viewer_can: list[Ability] = viewer_can(AccessMandateRow)


@strawberry.input(description="An appointment of a main access manager or access manager (manual 2).")
class AppointAccessManagerInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation.")
    user_id: strawberry.ID = strawberry.field(description="A person with an active work relation there.")
    kind: AccessMandateKind = strawberry.field(description="MAIN_ACCESS_MANAGER or ACCESS_MANAGER.")


@strawberry.input(description="A mandate to end.")
class DismissAccessManagerInput:
    id: strawberry.ID = strawberry.field(description="The mandate.")
    reason: str = strawberry.field(description="Reden; required.")


@strawberry.input(description="The address for mails to a mandate.")
class SetMandateEmailInput:
    id: strawberry.ID = strawberry.field(description="The viewer's own mandate.")
    email: EmailAddress | None = strawberry.field(
        default=strawberry.UNSET, description="The address; null clears it, omitted leaves it unchanged."
    )


@strawberry.type(description="The mandate that was granted, changed or ended, or the errors.")
class AccessMandatePayload:
    mandate: AccessMandate | None = strawberry.field(description="The mandate; null if refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
