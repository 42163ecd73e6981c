"""Actions opened by an authority's system."""

from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import Action
from domain.rules import action as rules
from gql.reading.ids import key_of, row_key_of

if TYPE_CHECKING:
    from gql.schema.action import OpenActionInput


async def open_action(actor: Actor, input: "OpenActionInput") -> Action:
    """Opens an action on a contract."""
    document_id = None if input.document_id is None else row_key_of("Document", input.document_id)
    return await rules.open_action(
        actor=actor,
        contract_id=key_of("Contract", input.contract_id),
        new=rules.NewAction(input.external_id, document_id, input.title),
    )
