"""Who manages access."""

from datetime import datetime

import strawberry

from domain import models, visibility
from domain.mandates import counts
from domain.models import AccessMandate as AccessMandateRow
from domain.predicate import Predicate
from gql.reading.declare import column, one, sql
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
    description="Who manages access for an organisation (mandaat, manual 2). An appointee's counts while the work "
    "relation runs that they had when appointed; whoever comes back with a new one is appointed anew.",
)
class AccessMandate(Node):
    kind: AccessMandateKind = column("Which mandate it is.")
    organisation: AnOrganisation = one("The organisation.")
    user: AUser = one("The person who holds it.")
    email: EmailAddress | None = column(
        "The address that mails to this mandate go to; where it is null, that of the work relation."
    )
    since: datetime = column("Since when it stands.")
    ended_at: datetime | None = column("When it ended; null while it stands, also while it doesn't count.")
    effective: bool = sql(
        "True while it counts: it stands, and a legal representative holds it, or somebody whose work relation of the "
        "appointment runs.",
        counts("{row}"),
    )
    viewer_can: list[Ability] = viewer_can(AccessMandateRow)


@strawberry.input(description="Who becomes main access manager or access manager (manual 2).")
class AppointAccessManagerInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation.")
    user_id: strawberry.ID = strawberry.field(description="A person with an active work relation there.")
    kind: AccessMandateKind = strawberry.field(description="MAIN_ACCESS_MANAGER or ACCESS_MANAGER.")


@strawberry.input(description="Whose mandate ends, and why.")
class DismissAccessManagerInput:
    id: strawberry.ID = strawberry.field(description="The mandate.")
    reason: str = strawberry.field(description="Reden; required.")


@strawberry.input(description="The address that mails to a mandate go to.")
class SetMandateEmailInput:
    id: strawberry.ID = strawberry.field(description="The viewer's own mandate.")
    email: EmailAddress | None = strawberry.field(
        default=strawberry.UNSET, description="The address; null empties it, left out leaves it."
    )


@strawberry.type(description="A mandate that was given, changed or ended, or why not.")
class AccessMandatePayload:
    mandate: AccessMandate | None = strawberry.field(description="The mandate; null when refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")
