"""Loads the documents, messages and actions from their tables."""

from dataclasses import asdict

from domain.models import (
    Action,
    ActionStatus,
    Assignment,
    Document,
    DocumentDirection,
    DocumentStatus,
    Message,
    NotificationTrigger,
    Theme,
    User,
)
from domain.models.row import Row
from domain.rules.action import NewAction
from domain.rules.document import DeliveredDocument
from domain.rules.idempotency import content_digest
from domain.rules.message import DeliveredMessage
from local.demo_data.attachments import announced_file, attach_file
from local.demo_data.demo_rows import DemoRows, MailedEvent
from local.demo_data.exchange_table import (
    ACTIONS,
    DRAFTED_DOCUMENTS,
    MESSAGES,
    RECEIVED_DOCUMENTS,
    ActionRow,
    DraftedDocumentRow,
    MessageRow,
    ReceivedDocumentRow,
)


async def load_exchange(demo: DemoRows) -> None:
    """Creates documents, messages and actions; whoever drafts, sends or takes one has the level for it."""
    theme = await Theme.get(code="INVOICING")
    for number, received in enumerate(RECEIVED_DOCUMENTS, 1):
        demo.documents[received.contract, received.title] = await _load_received_document(demo, theme, received, number)
    # Positions follow the time of sending; the authority reads sent documents in their order.
    sent = sorted((row for row in DRAFTED_DOCUMENTS if row.sent is not None), key=lambda row: -(row.sent or 0))
    positions = {row: position for position, row in enumerate(sent, 1)}
    for drafted in DRAFTED_DOCUMENTS:
        await _load_drafted_document(demo, theme, drafted, positions.get(drafted))
    for number, message in enumerate(MESSAGES, 1):
        await _load_message(demo, message, number)
    for number, action in enumerate(ACTIONS, 1):
        await _load_action(demo, action, number)


async def _load_received_document(demo: DemoRows, theme: Theme, row: ReceivedDocumentRow, number: int) -> Document:
    contract, moment = demo.contracts[row.contract], demo.calendar.moment(row.received, "10:20")
    delivered = DeliveredDocument(
        external_id=f"stuk-{number:06}",
        theme_code=theme.code,
        title=row.title,
        attachments=[announced_file(row.title, row.file)] if row.file else [],
    )
    document = await Document.create(
        contract=contract,
        contracting_authority_id=contract.contracting_authority_id,
        theme=theme,
        title=delivered.title,
        direction=DocumentDirection.FROM_AUTHORITY,
        status=DocumentStatus.RECEIVED,
        external_id=delivered.external_id,
        content_digest=content_digest(contract.id, asdict(delivered)),
        created_at=moment,
        received_at=moment,
    )
    event = MailedEvent(NotificationTrigger.DOCUMENT_RECEIVED, contract, moment, {"document": document})
    demo.mailed_events.append(event)
    await attach_file(document, row.file, moment)
    return document


async def _load_drafted_document(demo: DemoRows, theme: Theme, row: DraftedDocumentRow, position: int | None) -> None:
    contract = demo.contracts[row.contract]
    is_sent = row.sent is not None
    document = await Document.create(
        contract=contract,
        contracting_authority_id=contract.contracting_authority_id,
        theme=theme,
        title=row.title,
        direction=DocumentDirection.TO_AUTHORITY,
        status=DocumentStatus.SENT if is_sent else DocumentStatus.DRAFT,
        created_at=demo.calendar.moment(row.drafted, "14:45"),
        created_by=demo.people["drafter"],
        sent_at=demo.calendar.optional_moment(row.sent, "09:05"),
        sent_by=demo.people["sender"] if is_sent else None,
        sent_position=position,
        version=1 + is_sent,
    )
    await attach_file(document, row.file, document.created_at)


async def _load_message(demo: DemoRows, row: MessageRow, number: int) -> None:
    contract, moment = demo.contracts[row.contract], demo.calendar.moment(row.received, "13:10")
    document = _document(demo, row.contract, row.document)
    delivered = DeliveredMessage(f"bericht-{number:06}", document.id if document else None, row.subject, row.body)
    message = await Message.create(
        contract=contract,
        contracting_authority_id=contract.contracting_authority_id,
        document=document,
        subject=delivered.subject,
        body=delivered.body,
        external_id=delivered.external_id,
        content_digest=content_digest(contract.id, asdict(delivered)),
        received_at=moment,
    )
    event = MailedEvent(NotificationTrigger.MESSAGE_RECEIVED, contract, moment, {"message": message})
    demo.mailed_events.append(event)


async def _load_action(demo: DemoRows, row: ActionRow, number: int) -> None:
    contract = demo.contracts[row.contract]
    is_done, is_assigned = row.done is not None, row.assignee is not None and row.released is None
    document = _document(demo, row.contract, row.document)
    new_action = NewAction(f"actie-{number:06}", document.id if document else None, row.title)
    action = await Action.create(
        contract=contract,
        contracting_authority_id=contract.contracting_authority_id,
        document=document,
        title=new_action.title,
        status=ActionStatus.DONE if is_done else ActionStatus.ASSIGNED if is_assigned else ActionStatus.OPEN,
        assignee=demo.people[row.assignee] if row.assignee and is_assigned else None,
        assigned_at=demo.calendar.moment(row.opened - 1) if is_assigned else None,
        external_id=new_action.external_id,
        content_digest=content_digest(contract.id, asdict(new_action)),
        created_at=demo.calendar.moment(row.opened, "11:30"),
        done_at=demo.calendar.optional_moment(row.done, "16:20"),
        version=1 + bool(row.assignee) + (row.released is not None) + is_done,
    )
    if row.assignee:
        await _load_assignment(demo, action, row, demo.people[row.assignee])


async def _load_assignment(demo: DemoRows, action: Action, row: ActionRow, assignee: User) -> None:
    ended = row.released if row.released is not None else row.done
    ended_at = demo.calendar.optional_moment(ended, "16:20")
    await Assignment.create(
        action=action,
        user=assignee,
        assigned_by=assignee,
        assigned_at=demo.calendar.moment(row.opened - 1),
        released_at=ended_at,
        released_by=assignee if ended_at else None,
        release_reason="Past niet in de planning" if row.released is not None else None,
    )
    if row.released is not None and ended_at:
        columns: dict[str, Row] = {"action": action, "released_by": assignee}
        event = MailedEvent(NotificationTrigger.ACTION_RELEASED, demo.contracts[row.contract], ended_at, columns)
        demo.mailed_events.append(event)


def _document(demo: DemoRows, contract: str, title: str | None) -> Document | None:
    return demo.documents[contract, title] if title else None
