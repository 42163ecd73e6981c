"""Drafts of documents: created, updated, deleted (domain section 5)."""

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import actor_transaction, require_version
from domain.models import AuditAction, Contract, Document, DocumentDirection, DocumentLevel, DocumentStatus
from domain.refusals import Findings
from domain.rules.attachment_removal import remove_attachments
from domain.rules.editable_draft import find_editable_draft, find_unsent_draft, require_level
from domain.rules.running_contract import require_running
from domain.rules.saving import save_next_version
from domain.rules.theme import check_visible, themes_by_code
from domain.text_fields import required_text


async def draft_document(*, actor: Actor, contract_id: int | None, theme_code: str, title: str) -> Document:
    """Creates a draft on a contract.

    Args:
        actor: A USER with DRAFT on the theme there.
        contract_id: The contract's key.
        theme_code: The code of a visible theme.
        title: The title.

    Raises:
        NotFound: The actor sees no such contract.
        ContractEnded: The contract is read-only.
        LevelMissing: The actor may not draw up documents on the theme.
        Refusals: Theme or title are missing or invalid.
    """
    async with actor_transaction(actor) as act:
        contract = await act.find(Contract, contract_id, visibility.contract, "contractId")
        themes = await themes_by_code(act)
        findings = Findings()
        check_visible(findings, themes, theme_code, "themeCode")
        text = required_text(findings, title, "title")
        findings.raise_if_any()
        theme = themes[theme_code]
        await require_level(act, contract, theme, DocumentLevel.DRAFT, "themeCode")
        require_running(contract, "contractId")
        document = await Document.create(
            contract_id=contract.id,
            contracting_authority_id=contract.contracting_authority_id,
            theme_id=theme.id,
            title=text,
            direction=DocumentDirection.TO_AUTHORITY,
            status=DocumentStatus.DRAFT,
            created_at=await act.now(),
            created_by_id=actor.user_id,
            using_db=act.database,
        )
        after = {"theme": theme.code, "title": text}
        await act.record(AuditAction.DOCUMENT_DRAFTED, document, contract.organisation_id, after=after)
    return document


async def update_document(*, actor: Actor, document_id: int | None, version: int, title: str) -> Document:
    """Changes the title of a draft.

    Args:
        actor: A USER with DRAFT on its theme.
        document_id: The document's key.
        version: The version that the change was made from.
        title: The new title.

    Raises:
        NotFound: The actor sees no such document.
        DocumentSent, DocumentReceived, ContractEnded, ThemeHidden: It can't be changed any more.
        LevelMissing: The actor may not draw up documents on the theme.
        StaleVersion: Somebody else changed it in the meantime.
        Refusals: The title is missing or invalid.
    """
    async with actor_transaction(actor) as act:
        document, contract = await find_editable_draft(act, document_id, DocumentLevel.DRAFT, "id")
        require_version(document, version)
        findings = Findings()
        text = required_text(findings, title, "title")
        findings.raise_if_any()
        if text != document.title:
            before = {"title": document.title}
            await save_next_version(act, document, title=text)
            await act.record(
                AuditAction.DOCUMENT_CHANGED, document, contract.organisation_id, before=before, after={"title": text}
            )
    return document


async def delete_draft(*, actor: Actor, document_id: int | None, version: int) -> tuple[int, Contract]:
    """Deletes a draft, even if its theme has been hidden since.

    Args:
        actor: A USER with DRAFT on its theme.
        document_id: The document's key.
        version: The version that the deletion was made from.

    Returns:
        The document's key and its contract.

    Raises:
        NotFound: The actor sees no such document.
        DocumentSent, DocumentReceived, ContractEnded: It can't be changed any more.
        LevelMissing: The actor may not draw up documents on the theme.
        StaleVersion: Somebody else changed it in the meantime.
    """
    async with actor_transaction(actor) as act:
        document, contract, _ = await find_unsent_draft(act, document_id, DocumentLevel.DRAFT, "id")
        require_version(document, version)
        moment = await act.now()
        await save_next_version(act, document, deleted_at=moment)
        await remove_attachments(act, moment, document_id=document.id)
        before = {"title": document.title}
        await act.record(AuditAction.DRAFT_DELETED, document, contract.organisation_id, before=before)
    return document.id, contract
