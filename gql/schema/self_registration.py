"""Self-registration (zelfregistratie, manual 2.1.5): the link, the request, the decision."""

from datetime import date

import strawberry

from gql.schema.access_right import AccessRight
from gql.schema.enums import Role, WorkRelationCategory
from gql.schema.references import AMembership
from gql.schema.scalars import EmailAddress, EnterpriseNumber
from gql.schema.task import SelfRegistrationTask
from gql.schema.user_error import UserError


@strawberry.type(description="A self-registration link (manual 2.1.5.1).")
class SelfRegistrationLink:
    url: str = strawberry.field(description="The URL, always the same for the same roles.")
    enabled: bool = strawberry.field(description="Whether it works today; it requires a main access manager.")
    reason: str | None = strawberry.field(description="Why it doesn't work; null if it does.")


@strawberry.input(description="The parameters of a self-registration link, named as in the link.")
class SelfRegistrationLinkInput:
    an: str = strawberry.field(description="`308`.")
    dg: str = strawberry.field(description="`EA`.")
    ec: str = strawberry.field(description="`MOW_eContracting_EA_CompEnt_Gebruiker`.")
    ctx: str | None = strawberry.field(
        default=None, description="`Beheerder,Gebruiker`, `Beheerder` or `Gebruiker`; omitted if the link has none."
    )
    oc: EnterpriseNumber = strawberry.field(description="The organisation's enterprise number.")


@strawberry.type(description="What a self-registration link offers, before a request is made.")
class SelfRegistrationForm:
    organisation_name: str | None = strawberry.field(description="The organisation; null if the link doesn't work.")
    roles: list[Role] = strawberry.field(description="The roles that the link requests, or offers for choice.")
    must_choose: bool = strawberry.field(description="Whether exactly one of them must be chosen.")
    errors: list[UserError] = strawberry.field(description="Why the link doesn't work; empty if it does.")


@strawberry.input(description="A request for a right, made through a self-registration link.")
class RequestSelfRegistrationInput:
    link: SelfRegistrationLinkInput = strawberry.field(description="The parameters of the link.")
    roles: list[Role] | None = strawberry.field(
        default=None, description="Exactly one if the link leaves the choice; otherwise omitted."
    )
    email: EmailAddress | None = strawberry.field(default=None, description="E-mailadres.")
    phone: str | None = strawberry.field(default=None, description="Telefoonnummer: Belgian, or with a country code.")


@strawberry.input(
    description="An approval (Keur goed, manual 2.1.5.2): five steps, or two for a person with a work relation."
)
class ApproveSelfRegistrationInput:
    """A request to approve."""

    id: strawberry.ID = strawberry.field(description="The task.")
    roles: list[Role] = strawberry.field(description="The approved roles, from the requested ones.")
    reason: str | None = strawberry.field(default=None, description="Reden; `Zelfregistratie` by default.")
    category: WorkRelationCategory | None = strawberry.field(
        default=None, description="Five steps only: PERMANENT (vaste medewerker) by default."
    )
    valid_from: date | None = strawberry.field(default=None, description="Five steps only: begindatum.")
    valid_until: date | None = strawberry.field(default=None, description="Five steps only: einddatum, inclusive.")


@strawberry.input(description="A request to reject.")
class RejectSelfRegistrationInput:
    id: strawberry.ID = strawberry.field(description="The task.")
    reason: str = strawberry.field(description="Reden; required.")


@strawberry.type(description="The request that was made or decided, or the errors.")
class SelfRegistrationPayload:
    task: SelfRegistrationTask | None = strawberry.field(description="The request; null if refused.")
    right: AccessRight | None = strawberry.field(description="The right granted by an approval.")
    former_memberships: list[AMembership] | None = strawberry.field(
        description="Memberships of an earlier work relation here, if an approval created a new one, for the screen to "
        "offer; for administrators. They give access through the new one once the person is selected again."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
