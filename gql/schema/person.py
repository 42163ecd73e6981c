"""Finding people by national register number, and adding them."""

from datetime import date

import strawberry

from gql.reading.declare import column, to_one
from gql.reading.sources import facet
from gql.schema.enums import Language
from gql.schema.references import AUser
from gql.schema.scalars import NationalNumber
from gql.schema.user import User
from gql.schema.user_error import UserError


@facet("The person with a national register number, before they are added.", user_id="bigint")
class PersonPreview:
    given_name: str = column("Voornaam.")
    family_name: str = column("Naam.")
    birth_date: date | None = column("Geboortedatum; null if unknown.")
    masked_national_number: str = column("The masked number: `85.07.30-***.**`.")
    user: AUser | None = to_one("The person, if this organisation already knows them.", key="{row}.user_id")


@strawberry.input(description="A number to look up (Nieuwe persoon toevoegen, manual 2.1.2).")
class LookUpPersonInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation that the person will work for.")
    national_number: NationalNumber = strawberry.field(description="Rijksregisternummer, in any usual notation.")


@strawberry.input(description="A person to add (Bevestig, manual 2.1.2).")
class AddPersonInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation that the person will work for.")
    national_number: NationalNumber = strawberry.field(description="Rijksregisternummer, in any usual notation.")
    language: Language | None = strawberry.field(
        default=None, description="The language of mails to the person, if none is known yet."
    )


@strawberry.input(description="The language of mails to the viewer.")
class SetLanguageInput:
    language: Language = strawberry.field(description="The language.")


@strawberry.type(description="The person with a number, or the errors.")
class LookUpPersonPayload:
    person: PersonPreview | None = strawberry.field(
        description="The person; null if refused. If a limit was exceeded (`RATE_LIMITED` in `errors`), a top-level "
        "error at this field has the seconds to wait in `extensions.retryAfter`."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")


@strawberry.type(description="The person who was added or changed, or the errors.")
class UserPayload:
    user: User | None = strawberry.field(
        description="The person; null if refused. If a limit was exceeded, as for `LookUpPersonPayload`."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
