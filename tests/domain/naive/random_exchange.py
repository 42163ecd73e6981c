"""Documents, messages, actions and mails on random contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain import models as m
from domain.models import ActionStatus, DeliveryStatus, DocumentStatus, NotificationStatus, NotificationTrigger
from tests.domain.naive.random_people import a_digest
from tests.rows import a_serial

if TYPE_CHECKING:
    from tests.domain.naive.random_world import Chance

THEMES = 4


def correspond(chance: Chance) -> None:
    """Every contract has some of everything."""
    for contract in chance.rows.of(m.Contract):
        documents = [a_random_document(chance, contract) for _ in range(chance.random.randint(2, 5))]
        messages = [a_random_message(chance, contract, documents) for _ in range(chance.random.randint(1, 3))]
        actions = [an_random_action(chance, contract, documents) for _ in range(chance.random.randint(1, 4))]
        notify(chance, contract, documents, messages, actions)


def on(contract: m.Contract) -> dict[str, int]:
    return {"contract_id": contract.id, "contracting_authority_id": contract.contracting_authority_id}


def external() -> dict[str, Any]:
    return {"external_id": f"e{a_serial()}", "content_digest": a_digest()}


def a_random_document(chance: Chance, contract: m.Contract) -> m.Document:
    """In every state; some drafts were thrown away, some deliveries never completed."""
    status = chance.random.choice((*DocumentStatus, DocumentStatus.DRAFT))
    columns: dict[str, Any] = {"direction": m.DocumentDirection.TO_AUTHORITY}
    if status in {DocumentStatus.EXPECTED, DocumentStatus.RECEIVED}:
        columns = {"direction": m.DocumentDirection.FROM_AUTHORITY, **external()}
    if status == DocumentStatus.RECEIVED:
        columns["received_at"] = chance.now
    if status == DocumentStatus.SENT:
        sender = chance.random.choice(chance.rows.of(m.User)).id
        columns |= {"sent_at": chance.now, "sent_position": a_serial(), "sent_by_id": sender}
    if status in {DocumentStatus.DRAFT, DocumentStatus.EXPECTED} and chance.likely(0.3):
        columns["deleted_at"] = chance.now
    theme = chance.random.choice((1, *range(1, THEMES + 1)))
    document = chance.rows.add(
        m.Document,
        theme_id=theme,
        title="Vorderingsstaat",
        status=status,
        created_at=chance.ago(),
        **columns,
        **on(contract),
    )
    for _ in range(chance.random.randint(0, 2)):
        attach(chance, document)
    return document


def attach(chance: Chance, document: m.Document) -> None:
    removed = chance.now if chance.likely(0.2) else None
    file = {"filename": "staat.pdf", "content_type": "application/pdf", "size": 1, "sha256": "0" * 64}
    key = {"document_id": document.id, "storage_key": str(a_serial()), "removed_at": removed}
    chance.rows.add(m.Attachment, **file, **key)


def about(chance: Chance, documents: list[m.Document]) -> dict[str, int]:
    return {"document_id": chance.random.choice(documents).id} if documents and chance.likely(0.6) else {}


def a_random_message(chance: Chance, contract: m.Contract, documents: list[m.Document]) -> m.Message:
    texts = {"subject": "Vraag", "body": "Wanneer?"}
    return chance.rows.add(m.Message, **texts, **about(chance, documents), **external(), **on(contract))


def an_random_action(chance: Chance, contract: m.Contract, documents: list[m.Document]) -> m.Action:
    """Open, or taken by somebody who may have lost access since."""
    status = chance.random.choice((*ActionStatus, ActionStatus.ASSIGNED))
    columns: dict[str, Any] = {}
    if status != ActionStatus.OPEN:
        of = contract.organisation_id
        groups = {link.group_id for link in chance.rows.of(m.GroupLink) if link.contract_id == contract.id}
        takers = [each.user_id for each in chance.rows.of(m.Membership) if each.group_id in groups]
        takers += [each.user_id for each in chance.rows.of(m.WorkRelation) if each.organisation_id == of][:1]
        columns = {"assignee_id": chance.random.choice(takers), "assigned_at": chance.now}
    if status == ActionStatus.DONE:
        columns["done_at"] = chance.now
    given = {"title": "Aanvullen", "status": status, **about(chance, documents), **external()}
    return chance.rows.add(m.Action, **columns, **given, **on(contract))


def notify(
    chance: Chance,
    contract: m.Contract,
    documents: list[m.Document],
    messages: list[m.Message],
    actions: list[m.Action],
) -> None:
    a_random_notification(chance, contract, NotificationTrigger.CONTRACT_AVAILABLE)
    for document in documents:
        if document.status == DocumentStatus.RECEIVED:
            a_random_notification(chance, contract, NotificationTrigger.DOCUMENT_RECEIVED, document_id=document.id)
    for message in messages:
        a_random_notification(chance, contract, NotificationTrigger.MESSAGE_RECEIVED, message_id=message.id)
    for action in actions:
        a_random_notification(chance, contract, NotificationTrigger.ACTION_RELEASED, action_id=action.id)


def a_random_notification(chance: Chance, contract: m.Contract, trigger: NotificationTrigger, **subject: int) -> None:
    status = chance.random.choice(list(NotificationStatus))
    of = {"organisation_id": contract.organisation_id}
    moment = chance.ago()
    event = {"trigger": trigger, "status": status, "contract_id": contract.id, "occurred_at": moment}
    notification = chance.rows.add(m.Notification, **event, **subject, **of)
    if status == NotificationStatus.ROUTED:
        routing = chance.rows.add(m.Routing, notification_id=notification.id, level="USER", explanation={})
        sent = {"status": DeliveryStatus.PENDING, "address": "m@bedrijf.example"}
        chance.rows.add(m.Delivery, routing_id=routing.id, message_id=f"<{a_serial()}@e.example>", **sent, **of)
