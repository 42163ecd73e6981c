"""People."""

from datetime import date
from typing import Final

import strawberry

from domain import models, visibility
from domain.national_number import masked
from domain.predicate import holds
from domain.sealed_national_number import PURPOSE
from domain.sealing import sealing
from domain.sql import Sql
from gql.reading.declare import column, computed, guarded, sql
from gql.reading.fields import Argument
from gql.reading.paging import Parameter
from gql.reading.queries import QueryArgument, sql_connection
from gql.reading.sources import entity
from gql.schema.connection import Connection
from gql.schema.contract_access import ACCESS_IN_ORGANISATION, AS_OF, NEWEST_FIRST
from gql.schema.enums import Language
from gql.schema.node import Node
from gql.schema.references import AContractAccess

# To an access manager who only added the person, a language that others gave would disclose that they are known
# elsewhere.
LANGUAGE: Final = Sql(
    """case when {0} then {row}.language when {1} then
      (select pi.language from introduction pi where {2} and pi.language is not null order by pi.id limit 1) end""",
    (visibility.language_elsewhere, holds("manages"), visibility.INTRODUCED),
)


def _full_name(given_name: str, family_name: str) -> str:
    return f"{given_name} {family_name}"


def _masked(sealed: bytes | None) -> str | None:
    return None if sealed is None else masked(sealing().unseal(sealed, PURPOSE))


@entity(
    models.User,
    visible=visibility.user,
    description="A natural person (medewerker), identified by a national register number that is never shown in full.",
)
class User(Node):
    given_name: str = column("Voornaam.")
    family_name: str = column("Naam.")
    full_name: str = computed("Given and family name.", _full_name, "given_name", "family_name")
    language: Language | None = sql(
        "The language of mails to the person; for themselves, their access managers and administrators. For a "
        "person who was only added, the language given then.",
        LANGUAGE,
        guard=visibility.language,
    )
    birth_date: date | None = guarded(
        "Geboortedatum; for the person and access managers who may see them; null if unknown.", visibility.personal_data
    )
    masked_national_number: str | None = computed(
        "The masked national register number (rijksregisternummer): `85.07.30-***.**`; for the same viewers as "
        "the birth date.",
        _masked,
        "national_number_sealed",
        guard=visibility.personal_data,
    )
    contract_access: Connection[AContractAccess] | None = sql_connection(
        "The user's contracts in an organisation with their access, newest first; for its administrators.",
        ACCESS_IN_ORGANISATION,
        NEWEST_FIRST,
        {
            "organisation_id": QueryArgument(
                Argument(strawberry.ID, description="The organisation."), Parameter("bigint", "Organisation")
            ),
            "as_of": AS_OF,
        },
        administered="organisation_id",
    )
