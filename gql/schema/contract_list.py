"""Lists of contracts: their orders and filters."""

from enum import StrEnum
from typing import Final

import strawberry

from domain import visibility
from gql.reading.paging import Filter, Order, Paging
from gql.schema.describing import described
from gql.schema.searching import contains

_INSIDERS: Final = visibility.insiders_of.text
"""Who may order and filter contracts by the organisation's own data about them."""

CONTRACTS = Paging(
    orders={
        "PUBLISHED_AT": Order("{row}.published_at", "timestamptz"),
        "TITLE": Order("lower({row}.title)", "text"),
        "NUMBER": Order("lower({row}.number)", "text"),
        # An order by a value discloses it, and the authority never learns the own reference.
        "OWN_REFERENCE": Order(
            f"case when {_INSIDERS} then lower(coalesce({{row}}.own_reference, '')) else '' end",
            "text",
        ),
    },
    default=("PUBLISHED_AT", True),
    filters={
        "search": Filter(
            contains(f"{{row}}.number, {{row}}.title, case when {_INSIDERS} then {{row}}.own_reference end"),
            "text",
        ),
        "type_code": Filter("{row}.type_id = (select ft.id from contract_type ft where ft.code = :value)", "text"),
        "number": Filter("{row}.number = :value", "text"),
        "external_id": Filter(f"{visibility.authority_of.text} and {{row}}.external_id = :value", "text"),
        "ended": Filter("({row}.ended_at is not null) = :value", "boolean"),
        "group_id": Filter(
            f"{_INSIDERS} and exists (select from group_link fl where fl.contract_id = {{row}}.id"
            " and fl.ended_at is null and fl.group_id = :value)",
            "bigint",
            entity="Group",
        ),
    },
)


class ContractOrderField(StrEnum):
    PUBLISHED_AT = "PUBLISHED_AT"
    TITLE = "TITLE"
    OWN_REFERENCE = "OWN_REFERENCE"
    NUMBER = "NUMBER"


class OrderDirection(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


described(
    ContractOrderField,
    "Orders of contracts; texts are compared without case.",
    PUBLISHED_AT="When the contract was published.",
    TITLE="The title.",
    OWN_REFERENCE="Eigen referentie; a contract without one sorts lowest.",
    NUMBER="The contract's number.",
)
described(OrderDirection, "The direction of an order.", ASC="Ascending.", DESC="Descending.")


@strawberry.input(description="The order of contracts.")
class ContractOrder:
    field: ContractOrderField = strawberry.field(description="The field to order by.")
    direction: OrderDirection = strawberry.field(description="The direction of an order.")


@strawberry.input(description="Filters contracts; all conditions must hold.")
class ContractFilter:
    search: str | None = strawberry.field(
        default=None, description="A part of the number, title or own reference, ignoring case and accents."
    )
    type_code: str | None = strawberry.field(
        default=None,
        description="Only contracts of the type with this code, such as `CONTRACT`; an unknown code matches none.",
    )
    number: str | None = strawberry.field(
        default=None, description="Only contracts with exactly this number (opdrachtnummer)."
    )
    external_id: str | None = strawberry.field(
        default=None,
        description="Only the contract that the viewer, an authority's machine client, published with this id.",
    )
    ended: bool | None = strawberry.field(
        default=None, description="True: only ended ones. False: only those that have not ended. Null: both."
    )
    group_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Only contracts that this group is linked to; none if the viewer may not see the group.",
    )
