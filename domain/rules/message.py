"""Messages that a contracting authority's system delivers."""

from dataclasses import dataclass

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import AuditAction, Message, NotificationTrigger
from domain.refusals import Findings
from domain.rules.contract_delivery import ContractDelivery, NewDelivery, accept_delivery
from domain.text_fields import MAX_MESSAGE, required_text


@dataclass(frozen=True)
class DeliveredMessage(ContractDelivery):
    """A message that an authority delivers.

    Attributes:
        subject: The subject, one line.
        body: The text.
    """

    subject: str
    body: str


async def deliver_message(*, actor: Actor, contract_id: int | None, delivered: DeliveredMessage) -> Message:
    """Accepts a message on a contract, and writes its notification.

    Args:
        actor: The machine client of the authority that awarded the contract.
        contract_id: The contract's key.
        delivered: The message.

    Returns:
        The new message, or the one that an earlier delivery with the same id and content created.

    Raises:
        NotFound: The actor sees no such contract or document.
        MachineClientRequired: The actor is a person.
        ExternalIdConflict: Something else was delivered with the same id before.
        ContractEnded: The contract is read-only.
        DocumentIncomplete: Files of the document haven't arrived yet.
        Refusals: One for each field that is wrong.
    """
    async with actor_transaction(actor) as act:
        delivery = await accept_delivery(act, Message, contract_id, delivered)
        return delivery if isinstance(delivery, Message) else await _receive(act, delivery, delivered)


async def _receive(act: ActorTransaction, delivery: NewDelivery, delivered: DeliveredMessage) -> Message:
    findings = Findings()
    subject = required_text(findings, delivered.subject, "subject")
    body = required_text(findings, delivered.body, "body", maximum=MAX_MESSAGE, multiline=True)
    findings.raise_if_any()
    message = await Message.create(
        **delivery.columns,
        subject=subject,
        body=body,
        received_at=await act.now(),
        using_db=act.database,
    )
    await act.notify(
        trigger=NotificationTrigger.MESSAGE_RECEIVED,
        organisation_id=delivery.contract.organisation_id,
        contract_id=delivery.contract.id,
        document_id=message.document_id,
        message_id=message.id,
    )
    after = {"externalId": message.external_id, "subject": subject}
    await act.record(AuditAction.MESSAGE_DELIVERED, message, delivery.contract.organisation_id, after=after)
    return message
