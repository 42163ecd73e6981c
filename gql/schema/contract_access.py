"""What a user may do on a contract, and why."""

from typing import Annotated

import strawberry

from domain.access import ACCESS_REASONS, ACCESS_REFERENCE_LEVEL, ACCESS_THEME_LEVELS, GROUP_REFERENCE_LEVEL
from gql.reading.declare import one, rows, sql
from gql.reading.sources import facet
from gql.schema.enums import ReferenceLevel
from gql.schema.references import AContract, AGroup, AMembership, AnAccessMandate, AnAccessRight, AUser
from gql.schema.theme import ThemeLevel, group_theme_levels


@facet("By a right, or by the mandate of a legal representative.", right_id="bigint", mandate_id="bigint")
class AdministratorAccess:
    """Access as ADMINISTRATOR."""

    right: AnAccessRight | None = one("The right with the role ADMINISTRATOR.", key="{row}.right_id")
    mandate: AnAccessMandate | None = one("The mandate of the legal representative.", key="{row}.mandate_id")


@facet("Through a group.", group_id="bigint", membership_id="bigint", contract_id="bigint")
class GroupAccess:
    """Access through a group."""

    group: AGroup = one("The group.", key="{row}.group_id")
    membership: AMembership = one("The membership in it.", key="{row}.membership_id")
    theme_levels: list[ThemeLevel] = rows(
        "The group's level on each visible theme, and on each hidden one above NONE.",
        group_theme_levels("group_id"),
    )
    reference_level: ReferenceLevel | None = sql(
        "The group's level on the own reference of the contract's type.", GROUP_REFERENCE_LEVEL
    )


AccessReason = Annotated[
    AdministratorAccess | GroupAccess,
    strawberry.union("AccessReason", description="Why somebody has access."),
]


@facet("What a user may do on a contract, and why.", user_id="bigint", contract_id="bigint")
class ContractAccess:
    """What a user may do on a contract, and why."""

    user: AUser = one("The user.", key="{row}.user_id")
    contract: AContract = one("The contract.", key="{row}.contract_id")
    theme_levels: list[ThemeLevel] = rows(
        "The highest level that any reason gives, on each visible theme and on each hidden one above NONE.",
        ACCESS_THEME_LEVELS,
    )
    reference_level: ReferenceLevel | None = sql(
        "The highest level on the own reference that any reason gives.", ACCESS_REFERENCE_LEVEL
    )
    reasons: list[AccessReason] = rows("Every reason for the access.", ACCESS_REASONS)
