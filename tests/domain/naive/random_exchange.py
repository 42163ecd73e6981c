"""Documents, messages, actions and mails on random contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain import models as m
from domain.models import ActionStatus, DeliveryStatus, DocumentStatus, NotificationStatus, NotificationTrigger
from tests.domain.naive.random_people import a_digest
from tests.rows import a_serial

if TYPE_CHECKING:
    from tests.domain.naive.random_world import WorldBuilder

THEMES = 4


def add_exchange(builder: WorldBuilder) -> None:
    """Adds documents, messages, actions and notifications to every contract."""
    for contract in builder.rows.of(m.Contract):
        documents = [a_random_document(builder, contract) for _ in range(builder.random.randint(2, 5))]
        messages = [a_random_message(builder, contract, documents) for _ in range(builder.random.randint(1, 3))]
        actions = [an_random_action(builder, contract, documents) for _ in range(builder.random.randint(1, 4))]
        notify(builder, contract, documents, messages, actions)


def on(contract: m.Contract) -> dict[str, int]:
    return {"contract_id": contract.id, "contracting_authority_id": contract.contracting_authority_id}


def external() -> dict[str, Any]:
    return {"external_id": f"e{a_serial()}", "content_digest": a_digest()}


def a_random_document(builder: WorldBuilder, contract: m.Contract) -> m.Document:
    """A document in any state; some drafts are deleted, some deliveries given up."""
    status = builder.random.choice((*DocumentStatus, DocumentStatus.DRAFT))
    columns: dict[str, Any] = {"direction": m.DocumentDirection.TO_AUTHORITY}
    if status in {DocumentStatus.EXPECTED, DocumentStatus.RECEIVED}:
        columns = {"direction": m.DocumentDirection.FROM_AUTHORITY, **external()}
    if status == DocumentStatus.RECEIVED:
        columns["received_at"] = builder.now
    if status == DocumentStatus.SENT:
        sender = builder.random.choice(builder.rows.of(m.User)).id
        columns |= {"sent_at": builder.now, "sent_position": a_serial(), "sent_by_id": sender}
    if status in {DocumentStatus.DRAFT, DocumentStatus.EXPECTED} and builder.maybe(0.3):
        columns["deleted_at"] = builder.now
    theme = builder.random.choice((1, *range(1, THEMES + 1)))
    document = builder.rows.add(
        m.Document,
        theme_id=theme,
        title="Vorderingsstaat",
        status=status,
        created_at=builder.past_moment(),
        **columns,
        **on(contract),
    )
    for _ in range(builder.random.randint(0, 2)):
        attach(builder, document)
    return document


def attach(builder: WorldBuilder, document: m.Document) -> None:
    removed = builder.now if builder.maybe(0.2) else None
    file = {"filename": "staat.pdf", "content_type": "application/pdf", "size": 1, "sha256": "0" * 64}
    key = {"document_id": document.id, "storage_key": str(a_serial()), "removed_at": removed}
    builder.rows.add(m.Attachment, **file, **key)


def about(builder: WorldBuilder, documents: list[m.Document]) -> dict[str, int]:
    return {"document_id": builder.random.choice(documents).id} if documents and builder.maybe(0.6) else {}


def a_random_message(builder: WorldBuilder, contract: m.Contract, documents: list[m.Document]) -> m.Message:
    texts = {"subject": "Vraag", "body": "Wanneer?"}
    return builder.rows.add(m.Message, **texts, **about(builder, documents), **external(), **on(contract))


def an_random_action(builder: WorldBuilder, contract: m.Contract, documents: list[m.Document]) -> m.Action:
    """An open action, or one whose assignee may have lost access since."""
    status = builder.random.choice((*ActionStatus, ActionStatus.ASSIGNED))
    columns: dict[str, Any] = {}
    if status != ActionStatus.OPEN:
        groups = {link.group_id for link in builder.rows.of(m.GroupLink) if link.contract_id == contract.id}
        assignees = [row.user_id for row in builder.rows.of(m.Membership) if row.group_id in groups]
        assignees += [
            relation.user_id
            for relation in builder.rows.of(m.WorkRelation)
            if relation.organisation_id == contract.organisation_id
        ][:1]
        columns = {"assignee_id": builder.random.choice(assignees), "assigned_at": builder.now}
    if status == ActionStatus.DONE:
        columns["done_at"] = builder.now
    fields = {"title": "Aanvullen", "status": status, **about(builder, documents), **external()}
    return builder.rows.add(m.Action, **columns, **fields, **on(contract))


def notify(
    builder: WorldBuilder,
    contract: m.Contract,
    documents: list[m.Document],
    messages: list[m.Message],
    actions: list[m.Action],
) -> None:
    a_random_notification(builder, contract, NotificationTrigger.CONTRACT_AVAILABLE)
    for document in documents:
        if document.status == DocumentStatus.RECEIVED:
            a_random_notification(builder, contract, NotificationTrigger.DOCUMENT_RECEIVED, document_id=document.id)
    for message in messages:
        a_random_notification(builder, contract, NotificationTrigger.MESSAGE_RECEIVED, message_id=message.id)
    for action in actions:
        a_random_notification(builder, contract, NotificationTrigger.ACTION_RELEASED, action_id=action.id)


def a_random_notification(
    builder: WorldBuilder, contract: m.Contract, trigger: NotificationTrigger, **subject: int
) -> None:
    status = builder.random.choice(list(NotificationStatus))
    owner = {"organisation_id": contract.organisation_id}
    moment = builder.past_moment()
    event = {"trigger": trigger, "status": status, "contract_id": contract.id, "occurred_at": moment}
    notification = builder.rows.add(m.Notification, **event, **subject, **owner)
    if status == NotificationStatus.ROUTED:
        routing = builder.rows.add(m.Routing, notification_id=notification.id, level="USER", explanation={})
        columns = {"status": DeliveryStatus.PENDING, "address": "m@bedrijf.example"}
        builder.rows.add(m.Delivery, routing_id=routing.id, message_id=f"<{a_serial()}@e.example>", **columns, **owner)
