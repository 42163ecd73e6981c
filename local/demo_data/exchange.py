"""Documents, messages and actions from their tables."""

from dataclasses import asdict

from domain.models import (
    Action,
    ActionStatus,
    Assignment,
    Contract,
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
from local.demo_data.attached import announced, attach
from local.demo_data.correspondence import (
    ACTIONS,
    DRAFTED,
    MESSAGES,
    RECEIVED,
    ActionRow,
    Drafted,
    MessageRow,
    Received,
)
from local.demo_data.loaded import Happening, Loaded


async def load_exchange(loaded: Loaded) -> None:
    """Makes everything that went to and fro; whoever sends or takes something here has the level for it."""
    theme = await Theme.get(code="INVOICING")
    for number, received in enumerate(RECEIVED, 1):
        loaded.documents[received.contract, received.title] = await _receive(loaded, theme, received, number)
    # The authority reads what was sent in the order in which it was sent.
    sent = sorted((row for row in DRAFTED if row.sent is not None), key=lambda row: row.sent or 0, reverse=True)
    positions = {row: position for position, row in enumerate(sent, 1)}
    for drafted in DRAFTED:
        await _draft(loaded, theme, drafted, positions.get(drafted))
    for number, message in enumerate(MESSAGES, 1):
        await _deliver(loaded, message, number)
    for number, action in enumerate(ACTIONS, 1):
        await _open(loaded, action, number)


async def _receive(loaded: Loaded, theme: Theme, row: Received, number: int) -> Document:
    contract, moment = loaded.contracts[row.contract], loaded.calendar.moment(row.ago, "10:20")
    given = DeliveredDocument(
        external_id=f"stuk-{number:06}",
        theme_code=theme.code,
        title=row.title,
        attachments=[announced(row.title, row.file)] if row.file else [],
    )
    document = await Document.create(
        contract=contract,
        contracting_authority_id=contract.contracting_authority_id,
        theme=theme,
        title=given.title,
        direction=DocumentDirection.FROM_AUTHORITY,
        status=DocumentStatus.RECEIVED,
        external_id=given.external_id,
        content_digest=content_digest(contract.id, asdict(given)),
        created_at=moment,
        received_at=moment,
    )
    received = Happening(NotificationTrigger.DOCUMENT_RECEIVED, contract, moment, {"document": document})
    loaded.happenings.append(received)
    await attach(document, row.file, moment)
    return document


async def _draft(loaded: Loaded, theme: Theme, row: Drafted, position: int | None) -> None:
    contract = loaded.contracts[row.contract]
    sent = row.sent is not None
    document = await Document.create(
        contract=contract,
        contracting_authority_id=contract.contracting_authority_id,
        theme=theme,
        title=row.title,
        direction=DocumentDirection.TO_AUTHORITY,
        status=DocumentStatus.SENT if sent else DocumentStatus.DRAFT,
        created_at=loaded.calendar.moment(row.drafted, "14:45"),
        created_by=loaded.people["drafter"],
        sent_at=loaded.calendar.moment(row.sent, "09:05") if row.sent is not None else None,
        sent_by=loaded.people["sender"] if sent else None,
        sent_position=position,
        version=1 + sent,
    )
    await attach(document, row.file, document.created_at)


async def _deliver(loaded: Loaded, row: MessageRow, number: int) -> None:
    contract, moment = loaded.contracts[row.contract], loaded.calendar.moment(row.ago, "13:10")
    document = _document(loaded, row.contract, row.document)
    given = DeliveredMessage(f"bericht-{number:06}", document.id if document else None, row.subject, row.body)
    message = await Message.create(
        contract=contract,
        contracting_authority_id=contract.contracting_authority_id,
        document=document,
        subject=given.subject,
        body=given.body,
        external_id=given.external_id,
        content_digest=content_digest(contract.id, asdict(given)),
        received_at=moment,
    )
    received = Happening(NotificationTrigger.MESSAGE_RECEIVED, contract, moment, {"message": message})
    loaded.happenings.append(received)


async def _open(loaded: Loaded, row: ActionRow, number: int) -> None:
    contract: Contract = loaded.contracts[row.contract]
    done, holds = row.done is not None, row.taken_by is not None and row.released is None
    document = _document(loaded, row.contract, row.document)
    given = NewAction(f"actie-{number:06}", document.id if document else None, row.title)
    action = await Action.create(
        contract=contract,
        contracting_authority_id=contract.contracting_authority_id,
        document=document,
        title=given.title,
        status=ActionStatus.DONE if done else ActionStatus.ASSIGNED if holds else ActionStatus.OPEN,
        assignee=loaded.people[row.taken_by] if row.taken_by and holds else None,
        assigned_at=loaded.calendar.moment(row.opened - 1) if holds else None,
        external_id=given.external_id,
        content_digest=content_digest(contract.id, asdict(given)),
        created_at=loaded.calendar.moment(row.opened, "11:30"),
        done_at=loaded.calendar.moment(row.done, "16:20") if row.done is not None else None,
        version=1 + bool(row.taken_by) + (row.released is not None) + done,
    )
    if row.taken_by:
        await _assign(loaded, action, row, loaded.people[row.taken_by])


async def _assign(loaded: Loaded, action: Action, row: ActionRow, user: User) -> None:
    over = row.released if row.released is not None else row.done
    moment = loaded.calendar.moment(over, "16:20") if over is not None else None
    await Assignment.create(
        action=action,
        user=user,
        assigned_by=user,
        assigned_at=loaded.calendar.moment(row.opened - 1),
        released_at=moment,
        released_by=user if moment else None,
        release_reason="Past niet in de planning" if row.released is not None else None,
    )
    if row.released is not None and moment:
        columns: dict[str, Row] = {"action": action, "released_by": user}
        released = Happening(NotificationTrigger.ACTION_RELEASED, loaded.contracts[row.contract], moment, columns)
        loaded.happenings.append(released)


def _document(loaded: Loaded, contract: str, title: str | None) -> Document | None:
    return loaded.documents[contract, title] if title else None
