"""Failed mails retried by hand: by an administrator, or by the operator."""

from typing import Final

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.clock import NOW
from domain.delivery_status import UNDELIVERED
from domain.models import AuditAction, Contract, Delivery, DeliveryStatus, Notification, Routing
from domain.refusals import ContractEnded, DeliveryAddressErased, DeliveryNotFailed, NotFound
from domain.rules.operators import require_operator

RETRYABLE: Final = (*UNDELIVERED, DeliveryStatus.UNCERTAIN)


async def retry_delivery(*, actor: Actor, delivery_id: int | None) -> Delivery:
    """Puts a failed mail back into the outbox, at the beginning of the retry schedule.

    Args:
        actor: An ADMINISTRATOR of the organisation.
        delivery_id: The delivery's key.

    Raises:
        NotFound: The actor sees no such delivery.
        DeliveryNotFailed: It has not failed.
        DeliveryAddressErased: Its address was erased.
        ContractEnded: Nothing is mailed about the contract any more.
    """
    async with actor_transaction(actor) as act:
        delivery = await act.find(Delivery, delivery_id, visibility.delivery, "id")
        return await _retry(act, delivery)


async def retry_as_operator(*, actor: Actor, delivery_id: int) -> Delivery:
    """Does the same for the operator, in any organisation.

    Args:
        actor: The operator.
        delivery_id: The delivery's key.

    Raises:
        Forbidden: The actor is somebody else.
        NotFound: There is no such delivery.
        DeliveryNotFailed: It has not failed.
        DeliveryAddressErased: Its address was erased.
        ContractEnded: Nothing is mailed about the contract any more.
    """
    require_operator(actor)
    async with actor_transaction(actor) as act:
        locked = Delivery.filter(id=delivery_id).using_db(act.database).select_for_update(no_key=True)
        delivery = await locked.first()
        if delivery is None:
            raise NotFound("id")
        return await _retry(act, delivery)


async def _retry(act: ActorTransaction, delivery: Delivery) -> Delivery:
    if delivery.status not in RETRYABLE:
        raise DeliveryNotFailed("id", status=delivery.status)
    if delivery.address is None:
        raise DeliveryAddressErased("id")
    await _add_to_doorbell(act, delivery)
    before = {"status": delivery.status}
    # The number of attempts stays, as it is the fence of leases. A pending mail has no failures.
    await (
        Delivery.filter(id=delivery.id)
        .using_db(act.database)
        .update(status=DeliveryStatus.PENDING, failures=0, losses=0, due_at=NOW, leased_until=None, weighed_at=None)
    )
    await delivery.refresh_from_db(using_db=act.database)
    await act.record(AuditAction.DELIVERY_RETRIED, delivery, delivery.organisation_id, before=before)
    return delivery


async def _add_to_doorbell(act: ActorTransaction, delivery: Delivery) -> None:
    """Adds the delivery's letter or notification to those for which the doorbell rings after the commit.

    Raises:
        ContractEnded: Nothing is mailed about the contract any more.
    """
    if delivery.letter_id is not None:
        act.letter_ids.append(delivery.letter_id)
        return
    routing = await Routing.get(id=delivery.routing_id, using_db=act.database)
    notification = await Notification.get(id=routing.notification_id, using_db=act.database)
    contract = await Contract.get(id=notification.contract_id, using_db=act.database)
    if contract.ended_at is not None:
        raise ContractEnded("id")
    act.notification_ids.append(notification.id)
