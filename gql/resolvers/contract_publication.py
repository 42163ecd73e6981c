"""Contracts: published, corrected and ended by an authority's system."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Contract
from domain.rules import contract as rules
from domain.rules import contract_publication as publication
from gql.reading.ids import key_of
from gql.resolvers.unset import as_filled, require_filled

if TYPE_CHECKING:
    from gql.schema.contract_publication import CorrectContractInput, EndContractInput, PublishContractInput


async def publish_contract(actor: Actor, input: "PublishContractInput") -> Contract:
    """Makes a contract available to whoever carries it out."""
    published = publication.PublishedContract(
        input.external_id, input.number, input.title, input.type_code, input.contractor_enterprise_number
    )
    return await publication.publish_contract(actor=actor, given=published)


async def correct_contract(actor: Actor, input: "CorrectContractInput") -> Contract:
    """Corrects number, title or type."""
    require_filled(input, "number", "title", "type_code")
    change = rules.CorrectedContract(
        number=as_filled(input.number), title=as_filled(input.title), type_code=as_filled(input.type_code)
    )
    return await rules.correct_contract(actor=actor, contract_id=key_of("Contract", input.id), change=change)


async def end_contract(actor: Actor, input: "EndContractInput") -> Contract:
    """Ends a contract."""
    return await rules.end_contract(actor=actor, contract_id=key_of("Contract", input.id), reason=input.reason)
