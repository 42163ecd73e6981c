"""What a user may do on a contract, and why."""

from datetime import date
from typing import Annotated, Final

import strawberry

from domain.access import (
    ACCESS_REASONS,
    ACCESS_REFERENCE_LEVEL,
    ACCESS_THEME_LEVELS_ON_DAY,
    GROUP_REFERENCE_LEVEL,
    GROUP_THEME_LEVELS_ON_DAY,
    accesses,
)
from domain.sql import Sql
from domain.visibility import user
from gql.reading.declare import sql, sql_rows, to_one
from gql.reading.fields import Argument
from gql.reading.paging import Order, Paging, Parameter
from gql.reading.queries import QueryArgument
from gql.reading.sources import facet
from gql.schema.enums import ReferenceLevel
from gql.schema.references import AContract, AGroup, AMembership, AnAccessMandate, AnAccessRight, AUser
from gql.schema.theme import ThemeLevel


@facet("Access by a right, or by the mandate of a legal representative.", right_id="bigint", mandate_id="bigint")
class AdministratorAccess:
    """Access as ADMINISTRATOR."""

    right: AnAccessRight | None = to_one("The right with the role ADMINISTRATOR.", key="{row}.right_id")
    mandate: AnAccessMandate | None = to_one("The mandate of the legal representative.", key="{row}.mandate_id")


@facet("Access through a group.", group_id="bigint", membership_id="bigint", contract_id="bigint", during="text")
class GroupAccess:
    """Access through a group."""

    group: AGroup = to_one("The group.", key="{row}.group_id")
    membership: AMembership = to_one("The membership in it.", key="{row}.membership_id")
    theme_levels: list[ThemeLevel] = sql_rows(
        "The group's level on each visible theme, and on hidden ones above NONE.",
        GROUP_THEME_LEVELS_ON_DAY,
    )
    reference_level: ReferenceLevel | None = sql(
        "The group's level on the own reference of the contract's type.", GROUP_REFERENCE_LEVEL
    )


AccessReason = Annotated[
    AdministratorAccess | GroupAccess,
    strawberry.union("AccessReason", description="A reason for access."),
]


@facet("A user's access to a contract, with reasons.", user_id="bigint", contract_id="bigint", as_of="date")
class ContractAccess:
    user: AUser = to_one("The user.", key="{row}.user_id")
    contract: AContract = to_one("The contract.", key="{row}.contract_id")
    theme_levels: list[ThemeLevel] = sql_rows(
        "The highest level of all reasons, on each visible theme and on hidden ones above NONE.",
        ACCESS_THEME_LEVELS_ON_DAY,
    )
    reference_level: ReferenceLevel | None = sql(
        "The highest level of all reasons on the own reference.", ACCESS_REFERENCE_LEVEL
    )
    reasons: list[AccessReason] = sql_rows("Every reason for the access.", ACCESS_REASONS)


AS_OF: Final = QueryArgument(
    Argument(
        date | None,
        None,
        "A day in Brussels: access at any moment of that day, a future day as things are now. Omitted: now.",
    ),
    Parameter("date"),
)

ACCESS_OF_VIEWER: Final = ":person as user_id, {row}.id as contract_id, null::date as as_of"

ACCESS_OF_USER: Final = Sql(
    "select u.id as user_id, {row}.id as contract_id, :as_of as as_of from person u where u.id = :user_id and ({0})",
    (user.aliased("u"),),
)
"""The access of a person whom the viewer sees; if they have none, an access without reasons."""

ACCESS_OF_EVERYONE: Final = f"""
  select u.id, u.id as user_id, granted.contract_id, :as_of as as_of,
    lower(concat_ws(' ', u.family_name, u.given_name)) as name
  from ({accesses(":as_of", "c.id = {owner}.id", "true")}) granted join person u on u.id = granted.user_id"""

BY_NAME: Final = Paging({"NAME": Order("{row}.name", "text")}, ("NAME", False))

ACCESS_IN_ORGANISATION: Final = f"""
  select k.id, granted.user_id, k.id as contract_id, :as_of as as_of, k.published_at
  from ({accesses(":as_of", "c.organisation_id = :organisation_id", "{person} = {owner}.id")}) granted
  join contract k on k.id = granted.contract_id"""

NEWEST_FIRST: Final = Paging({"PUBLISHED_AT": Order("{row}.published_at", "timestamptz")}, ("PUBLISHED_AT", True))
