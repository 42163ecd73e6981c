"""Finding people by national register number, and adding them."""

from datetime import date

import strawberry

from gql.reading.declare import column, one
from gql.reading.sources import facet
from gql.schema.enums import Language
from gql.schema.references import AUser
from gql.schema.scalars import NationalNumber
from gql.schema.user import User
from gql.schema.user_error import UserError


@facet("Whom a national register number belongs to, before they are added.", user_id="bigint")
class PersonPreview:
    given_name: str = column("Voornaam.")
    family_name: str = column("Naam.")
    birth_date: date | None = column("Geboortedatum; null when not known.")
    masked_national_number: str = column("The number with its end hidden: `85.07.30-***.**`.")
    user: AUser | None = one("The person, when this organisation knows them already.", key="{row}.user_id")


@strawberry.input(description="A number to look up (Nieuwe persoon toevoegen, manual 2.1.2).")
class LookUpPersonInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation that the person is to work for.")
    national_number: NationalNumber = strawberry.field(description="Rijksregisternummer, in any usual notation.")


@strawberry.input(description="A person to add (Bevestig, manual 2.1.2).")
class AddPersonInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation that the person is to work for.")
    national_number: NationalNumber = strawberry.field(description="Rijksregisternummer, in any usual notation.")
    language: Language | None = strawberry.field(
        default=None, description="The language to write to the person in, where none is known yet."
    )


@strawberry.input(description="The viewer's own language.")
class SetLanguageInput:
    language: Language = strawberry.field(description="The language to write to the viewer in.")


@strawberry.type(description="Whom a number belongs to, or why that isn't told.")
class LookUpPersonPayload:
    person: PersonPreview | None = strawberry.field(
        description="The person; null when refused. When it was asked too often (`RATE_LIMITED` in `errors`), a"
        " top-level error at this field has the seconds to wait in `extensions.retryAfter`."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")


@strawberry.type(description="A person who was added or changed, or why not.")
class UserPayload:
    user: User | None = strawberry.field(
        description="The person; null when refused, as of `LookUpPersonPayload` where it was asked too often."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it worked.")
