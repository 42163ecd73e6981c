"""Who manages access."""

from datetime import datetime

from domain import models, visibility
from domain.models import AccessMandate as AccessMandateRow
from domain.predicate import Predicate
from gql.reading.declare import column, one
from gql.reading.sources import entity
from gql.schema.ability import viewer_can
from gql.schema.enums import Ability, AccessMandateKind
from gql.schema.node import Node
from gql.schema.references import AnOrganisation, AUser
from gql.schema.scalars import EmailAddress


@entity(
    models.AccessMandate,
    visible=visibility.access_mandate,
    listed=Predicate("{row}.ended_at is null"),
    description="Who manages access for an organisation (mandaat, manual 2).",
)
class AccessMandate(Node):
    """Who manages access for an organisation."""

    kind: AccessMandateKind = column("Which mandate it is.")
    organisation: AnOrganisation = one("The organisation.")
    user: AUser = one("The person who holds it.")
    email: EmailAddress | None = column("The address that mails to this mandate go to.")
    since: datetime = column("Since when it stands.")
    viewer_can: list[Ability] = viewer_can(AccessMandateRow)
