"""Drafting and sending documents: by level, and immutable once sent."""

import asyncio

import pytest

from domain.models import AuditEntry, Document, Membership, Theme, User
from domain.refusals import (
    ContractEnded,
    DocumentReceived,
    DocumentSent,
    DocumentSentUnsigned,
    LevelMissing,
    NotFound,
    PersonRequired,
    Required,
    SendLevelMissing,
    StaleVersion,
    ThemeHidden,
    ThemeUnknown,
    UploadUnfinished,
)
from domain.rules.contract import end_contract
from domain.rules.document_sending import send_document
from domain.rules.draft import delete_draft, draft_document, update_document
from tests import rows
from tests.domain.rules.office import Office, an_office
from tests.refusals import assert_refused

pytestmark = pytest.mark.usefixtures("database", "environment")


async def a_draft(office: Office) -> Document:
    return await draft_document(
        actor=office.drafter, contract_id=office.contract.id, theme_code="INVOICING", title=" Vorderingsstaat 3 "
    )


async def test_a_drafter_begins_a_document():
    office = await an_office()

    document = await a_draft(office)

    assert (document.title, document.status, document.direction) == ("Vorderingsstaat 3", "DRAFT", "TO_AUTHORITY")
    assert (document.created_by_id, document.version) == (office.drafter.user_id, 1)
    assert [entry.action for entry in await AuditEntry.all()] == ["DOCUMENT_DRAFTED"]


async def test_readers_administrators_and_systems_may_not_draft():
    office = await an_office()
    for actor in (office.reader, office.administrator):
        async with assert_refused(LevelMissing, "themeCode", theme=await Theme.get(code="INVOICING")):
            await draft_document(actor=actor, contract_id=office.contract.id, theme_code="INVOICING", title="X")
    async with assert_refused(PersonRequired):
        await draft_document(actor=office.authority, contract_id=office.contract.id, theme_code="INVOICING", title="X")


async def test_a_colleague_without_a_group_finds_no_contract():
    office = await an_office()
    async with assert_refused(NotFound, "contractId"):
        await draft_document(actor=office.colleague, contract_id=office.contract.id, theme_code="INVOICING", title="X")


async def test_a_draft_needs_a_visible_theme_and_a_title():
    office = await an_office()
    arguments = {"actor": office.drafter, "contract_id": office.contract.id}
    async with assert_refused(ThemeUnknown, "themeCode", code="PARTIES", possible="INVOICING"):
        await draft_document(**arguments, theme_code="PARTIES", title="X")
    hidden, in_use = [await Theme.get(code=code) for code in ("SAFETY", "INVOICING")]
    async with assert_refused(ThemeHidden, "themeCode", theme=hidden, possible=[in_use]):
        await draft_document(**arguments, theme_code="SAFETY", title="X")
    async with assert_refused(Required, "title"):
        await draft_document(**arguments, theme_code="INVOICING", title=" \n ")


async def test_any_drafter_edits_a_draft_from_its_newest_version():
    office = await an_office()
    draft = await a_draft(office)

    changed = await update_document(actor=office.sender, document_id=draft.id, version=1, title="Vorderingsstaat 4")

    assert (changed.title, changed.version) == ("Vorderingsstaat 4", 2)
    entry = await AuditEntry.get(action="DOCUMENT_CHANGED")
    assert (entry.actor_id, entry.before, entry.after) == (
        office.sender.user_id,
        {"title": "Vorderingsstaat 3"},
        {"title": "Vorderingsstaat 4"},
    )
    with pytest.raises(StaleVersion) as stale:
        await update_document(actor=office.drafter, document_id=draft.id, version=1, title="Vorderingsstaat 5")
    assert (stale.value.facts["version"], stale.value.facts["given"]) == (2, 1)


async def test_only_a_sender_sends():
    office = await an_office()
    draft = await a_draft(office)
    async with assert_refused(SendLevelMissing, "id", theme=await Theme.get(code="INVOICING")):
        await send_document(actor=office.drafter, document_id=draft.id, version=1)

    sent = await send_document(actor=office.sender, document_id=draft.id, version=1)

    assert (sent.status, sent.sent_by_id, sent.sent_position) == ("SENT", office.sender.user_id, 1)
    entry = await AuditEntry.get(action="DOCUMENT_SENT")
    assert (entry.actor_id, entry.organisation_id) == (office.sender.user_id, office.contract.organisation_id)


async def test_a_sent_document_is_immutable_and_says_who_sent_it():
    office = await an_office()
    draft = await a_draft(office)
    await send_document(actor=office.sender, document_id=draft.id, version=1)
    sender = await User.get(id=office.sender.user_id)
    day = await rows.today()

    for operation in (
        lambda: update_document(actor=office.sender, document_id=draft.id, version=2, title="X"),
        lambda: delete_draft(actor=office.sender, document_id=draft.id, version=2),
        lambda: send_document(actor=office.sender, document_id=draft.id, version=2),
    ):
        async with assert_refused(DocumentSent, "id", name=sender.full_name, day=day):
            await operation()


async def test_a_viewer_who_may_not_see_the_sender_learns_only_when_it_was_sent():
    office = await an_office()
    draft = await a_draft(office)
    await send_document(actor=office.sender, document_id=draft.id, version=1)
    await Membership.filter(user_id=office.sender.user_id).update(ended_at=await rows.now())

    async with assert_refused(DocumentSentUnsigned, "id", day=await rows.today()):
        await update_document(actor=office.drafter, document_id=draft.id, version=2, title="X")
    assert DocumentSentUnsigned.name() == "DOCUMENT_SENT"


async def test_concurrent_sendings_send_a_document_once():
    office = await an_office()
    draft = await a_draft(office)

    results = await asyncio.gather(
        *(send_document(actor=office.sender, document_id=draft.id, version=1) for _ in range(20)),
        return_exceptions=True,
    )

    assert sorted(type(result).__name__ for result in results) == ["Document"] + ["DocumentSent"] * 19
    assert (await Document.get(id=draft.id)).version == 2
    assert await AuditEntry.filter(action="DOCUMENT_SENT").count() == 1


async def test_documents_of_one_authority_get_positions_in_the_order_of_their_commits():
    office = await an_office()
    drafts = [await a_draft(office) for _ in range(6)]

    sent = await asyncio.gather(
        *(send_document(actor=office.sender, document_id=draft.id, version=1) for draft in drafts)
    )

    assert sorted(document.sent_position for document in sent) == [1, 2, 3, 4, 5, 6]


async def test_a_document_with_an_unfinished_upload_is_not_sent():
    office = await an_office()
    draft = await a_draft(office)
    await rows.an_attachment(draft)

    async with assert_refused(UploadUnfinished, "id", filename="vorderingsstaat.pdf"):
        await send_document(actor=office.sender, document_id=draft.id, version=1)


async def test_a_deleted_draft_is_gone_for_everyone():
    office = await an_office()
    draft = await a_draft(office)

    key, contract = await delete_draft(actor=office.sender, document_id=draft.id, version=1)

    assert (key, contract.id) == (draft.id, office.contract.id)
    entry = await AuditEntry.get(action="DRAFT_DELETED")
    assert (entry.subject_id, entry.before) == (draft.id, {"title": "Vorderingsstaat 3"})
    for actor in (office.drafter, office.administrator):
        async with assert_refused(NotFound, "id"):
            await update_document(actor=actor, document_id=draft.id, version=2, title="X")


async def test_a_delivered_document_cannot_be_changed():
    office = await an_office()
    received = await rows.a_document(office.contract)
    async with assert_refused(DocumentReceived, "id"):
        await update_document(actor=office.sender, document_id=received.id, version=1, title="X")


async def test_a_draft_on_a_hidden_theme_can_only_be_deleted():
    office = await an_office()
    draft = await a_draft(office)
    await Theme.filter(code="INVOICING").update(visible=False)
    async with assert_refused(ThemeHidden, "id", theme=await Theme.get(code="INVOICING"), possible="—"):
        await update_document(actor=office.drafter, document_id=draft.id, version=1, title="X")
    async with assert_refused(LevelMissing, "id", theme=await Theme.get(code="INVOICING")):
        await delete_draft(actor=office.reader, document_id=draft.id, version=1)

    assert (await delete_draft(actor=office.drafter, document_id=draft.id, version=1))[0] == draft.id

    assert (await Document.get(id=draft.id)).deleted_at is not None


async def test_no_document_is_sent_on_a_hidden_theme_or_an_ended_contract():
    office = await an_office()
    draft = await a_draft(office)
    await Theme.filter(code="INVOICING").update(visible=False)
    async with assert_refused(ThemeHidden, "id", theme=await Theme.get(code="INVOICING"), possible="—"):
        await send_document(actor=office.sender, document_id=draft.id, version=1)
    await Theme.filter(code="INVOICING").update(visible=True)
    await end_contract(actor=office.authority, contract_id=office.contract.id, reason="Opgeleverd")
    async with assert_refused(ContractEnded, "id"):
        await send_document(actor=office.sender, document_id=draft.id, version=1)
