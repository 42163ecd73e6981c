"""Self-registration (zelfregistratie, manual 2.1.5): the link, the request, the decision."""

from datetime import date

import strawberry

from gql.schema.access_right import AccessRight
from gql.schema.enums import Role, WorkRelationCategory
from gql.schema.scalars import EmailAddress, EnterpriseNumber
from gql.schema.task import SelfRegistrationTask
from gql.schema.user_error import UserError


@strawberry.type(description="A link with which people register themselves (manual 2.1.5.1).")
class SelfRegistrationLink:
    url: str = strawberry.field(description="The address, always the same for the same roles.")
    enabled: bool = strawberry.field(description="Whether it works today: there must be a main access manager.")
    reason: str | None = strawberry.field(description="Why it doesn't work, when it doesn't.")


@strawberry.input(description="What stands in a self-registration link, by the names that it has there.")
class SelfRegistrationLinkInput:
    an: str = strawberry.field(description="`308`.")
    dg: str = strawberry.field(description="`EA`.")
    ec: str = strawberry.field(description="`MOW_eContracting_EA_CompEnt_Gebruiker`.")
    ctx: str | None = strawberry.field(
        default=None, description="`Beheerder,Gebruiker`, `Beheerder`, `Gebruiker`; left out when the link has none."
    )
    oc: EnterpriseNumber = strawberry.field(description="The organisation's enterprise number.")


@strawberry.type(description="The page behind a self-registration link, before the request is made.")
class SelfRegistrationForm:
    organisation_name: str | None = strawberry.field(description="The organisation; null when the link doesn't work.")
    roles: list[Role] = strawberry.field(description="The roles that are asked for, or can be chosen from.")
    must_choose: bool = strawberry.field(description="Whether exactly one of them is to be chosen.")
    errors: list[UserError] = strawberry.field(description="Why the link doesn't work; empty when it does.")


@strawberry.input(description="A request for a right, made behind a self-registration link.")
class RequestSelfRegistrationInput:
    link: SelfRegistrationLinkInput = strawberry.field(description="What stands in the link.")
    roles: list[Role] | None = strawberry.field(
        default=None, description="Exactly one where the link leaves the choice; else left out."
    )
    email: EmailAddress | None = strawberry.field(default=None, description="E-mailadres.")
    phone: str | None = strawberry.field(
        default=None, description="Telefoonnummer: a Belgian one, or any with the code of its country."
    )


@strawberry.input(description="Keur goed (manual 2.1.5.2): five steps, or two for a person with a work relation.")
class ApproveSelfRegistrationInput:
    """A request to approve."""

    id: strawberry.ID = strawberry.field(description="The task.")
    roles: list[Role] = strawberry.field(description="What is approved of the roles that are asked for.")
    reason: str | None = strawberry.field(default=None, description="Reden; `Zelfregistratie` when left out.")
    category: WorkRelationCategory | None = strawberry.field(
        default=None, description="Five steps only: vaste medewerker when left out."
    )
    valid_from: date | None = strawberry.field(default=None, description="Five steps only: begindatum.")
    valid_until: date | None = strawberry.field(default=None, description="Five steps only: einddatum, inclusive.")


@strawberry.input(description="A request to reject.")
class RejectSelfRegistrationInput:
    id: strawberry.ID = strawberry.field(description="The task.")
    reason: str = strawberry.field(description="Reden; required.")


@strawberry.type(description="A request that was made or decided, or why not.")
class SelfRegistrationPayload:
    task: SelfRegistrationTask | None = strawberry.field(description="The request; null when refused.")
    right: AccessRight | None = strawberry.field(description="The right that an approval gave.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")
