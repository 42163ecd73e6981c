"""Contracts: published, corrected and ended by an authority's system."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Contract
from domain.rules import contract as rules
from domain.rules import contract_publication
from gql.reading.ids import key_of
from gql.resolvers.optional_fields import require_not_null, required_or_unchanged

if TYPE_CHECKING:
    from gql.schema.contract_publication import CorrectContractInput, EndContractInput, PublishContractInput


async def publish_contract(actor: Actor, input: "PublishContractInput") -> Contract:
    """Publishes a contract to the organisation that carries it out."""
    publication = contract_publication.ContractPublication(
        input.external_id, input.number, input.title, input.type_code, input.contractor_enterprise_number
    )
    return await contract_publication.publish_contract(actor=actor, publication=publication)


async def correct_contract(actor: Actor, input: "CorrectContractInput") -> Contract:
    """Corrects number, title or type."""
    require_not_null(input, "number", "title", "type_code")
    correction = rules.ContractCorrection(
        number=required_or_unchanged(input.number),
        title=required_or_unchanged(input.title),
        type_code=required_or_unchanged(input.type_code),
    )
    return await rules.correct_contract(actor=actor, contract_id=key_of("Contract", input.id), correction=correction)


async def end_contract(actor: Actor, input: "EndContractInput") -> Contract:
    """Ends a contract."""
    return await rules.end_contract(actor=actor, contract_id=key_of("Contract", input.id), reason=input.reason)
