"""Types of contracts."""

from domain import models, visibility
from gql.reading.declare import column, localised, to_one
from gql.reading.sources import entity, facet
from gql.schema.enums import ReferenceLevel
from gql.schema.node import Node


@entity(
    models.ContractType,
    visible=visibility.everyone,
    description="A type of contract (type opdracht): CONTRACT (opdracht), EXTENDABLE_CONTRACT (verlengbare opdracht).",
)
class ContractType(Node):
    code: str = column("Its code in inputs, such as `CONTRACT`.")
    name: str = localised(
        "Its name, in the preferred language of `Accept-Language` among nl, fr, en, de; Dutch by default."
    )


@facet("A level on the own reference of a type of contract.", contract_type_id="bigint", level="smallint")
class TypeReferenceLevel:
    contract_type: ContractType = to_one("The type.", key="{row}.contract_type_id")
    level: ReferenceLevel = column("The level on the own reference.")
