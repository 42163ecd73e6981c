"""Documents, attachments, messages and actions of contracts."""

from typing import Any

from domain.models import (
    Action,
    ActionStatus,
    Assignment,
    Attachment,
    Contract,
    Document,
    DocumentDirection,
    DocumentStatus,
    Message,
    Theme,
    User,
)
from tests.rows.contracts import a_contract
from tests.rows.people import a_user
from tests.rows.unique import a_digest, a_serial, default_opening, now


async def a_document(
    contract: Contract | None = None,
    status: DocumentStatus = DocumentStatus.RECEIVED,
    *,
    theme_code: str = "INVOICING",
    **columns: Any,
) -> Document:
    """A document from the authority if expected or received, otherwise one to the authority."""
    contract = contract or await a_contract()
    number = a_serial()
    defaults: dict[str, Any] = {"title": f"Vorderingsstaat {number}", "direction": DocumentDirection.TO_AUTHORITY}
    if status in {DocumentStatus.EXPECTED, DocumentStatus.RECEIVED}:
        defaults |= {
            "direction": DocumentDirection.FROM_AUTHORITY,
            "external_id": f"document-{number}",
            "content_digest": a_digest(),
        }
    if status == DocumentStatus.RECEIVED:
        defaults["received_at"] = await now()
    if status == DocumentStatus.SENT:
        defaults |= {"sent_at": await now(), "sent_position": number}
    defaults["contracting_authority_id"] = contract.contracting_authority_id
    theme = await Theme.get(code=theme_code)
    return await Document.create(contract=contract, status=status, theme=theme, **defaults | columns)


async def an_attachment(document: Document | None = None, **columns: Any) -> Attachment:
    """A small PDF without an object in the store."""
    digest = a_digest().hex()
    defaults: dict[str, Any] = {
        "filename": "vorderingsstaat.pdf",
        "content_type": "application/pdf",
        "size": 48_213,
        "sha256": digest,
        "storage_key": digest,
    }
    return await Attachment.create(document=document or await a_document(), **defaults | columns)


async def a_message(contract: Contract | None = None, document: Document | None = None, **columns: Any) -> Message:
    """A message about a contract, or about one of its documents."""
    contract = contract or await a_contract()
    number = a_serial()
    defaults: dict[str, Any] = {
        "subject": f"Vraag {number}",
        "body": "Gelieve de meetstaat aan te vullen.",
        "external_id": f"message-{number}",
        "content_digest": a_digest(),
        "contracting_authority_id": contract.contracting_authority_id,
    }
    return await Message.create(contract=contract, document=document, **defaults | columns)


async def an_action(
    contract: Contract | None = None, document: Document | None = None, assignee: User | None = None, **columns: Any
) -> Action:
    """An open action; with an assignee an assigned one, and its assignment."""
    contract = contract or await a_contract()
    number = a_serial()
    defaults: dict[str, Any] = {
        "title": f"Meetstaat {number} aanvullen",
        "external_id": f"action-{number}",
        "content_digest": a_digest(),
        "contracting_authority_id": contract.contracting_authority_id,
    }
    if assignee:
        defaults |= {"status": ActionStatus.ASSIGNED, "assigned_at": await now()}
    action = await Action.create(contract=contract, document=document, assignee=assignee, **defaults | columns)
    if assignee:
        await an_assignment(action, assignee)
    return action


async def an_assignment(action: Action | None = None, user: User | None = None, **columns: Any) -> Assignment:
    """An assignment of an action to a user; the action's columns don't change."""
    columns = default_opening(columns, "assigned_at", "released_at") | columns
    return await Assignment.create(action=action or await an_action(), user=user or await a_user(), **columns)
