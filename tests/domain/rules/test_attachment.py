"""Attachments of a draft: announced and removed by users with DRAFT, and sent only when they are uploaded."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.files.file_types import EXTENSIONS
from domain.models import Attachment, AuditEntry, Document, Theme, User
from domain.refusals import (
    ChecksumInvalid,
    ContentTypeMismatch,
    ContractEnded,
    DocumentReceived,
    DocumentSent,
    FileEmpty,
    FilenameInvalid,
    FilenameTaken,
    FileTooLarge,
    FileTypeNotAllowed,
    LevelMissing,
    NotFound,
    Refusal,
    Required,
    TextNotPlain,
    TextTooLong,
    ThemeHidden,
    TooManyAttachments,
    UploadUnfinished,
)
from domain.rules.announced_file import AnnouncedFile
from domain.rules.attachment import remove_attachment, request_upload
from domain.rules.contract import end_contract
from domain.rules.document_sending import send_document
from domain.rules.draft import delete_draft, draft_document
from domain.rules.overdue_uploads import give_up_uploads
from domain.rules.upload import complete_upload
from tests import rows
from tests.conftest import Environment
from tests.domain.rules.concurrency import run_while_locked
from tests.domain.rules.office import Office, an_office
from tests.files import DOCX, PDF, WORD, announcement
from tests.refusals import assert_refused

pytestmark = pytest.mark.usefixtures("database", "environment")


async def a_draft(office: Office) -> Document:
    return await draft_document(
        actor=office.drafter, contract_id=office.contract.id, theme_code="INVOICING", title="Vorderingsstaat 3"
    )


async def announce(office: Office, draft: Document, file: AnnouncedFile | None = None) -> Attachment:
    return await request_upload(actor=office.drafter, document_id=draft.id, file=file or announcement())


async def complete(office: Office, attachment: Attachment, key: str = "ab/abcd") -> None:
    assert await complete_upload(actor=office.drafter, attachment_id=attachment.id, storage_key=key)


async def test_a_drafter_announces_a_file():
    office = await an_office()
    draft = await a_draft(office)

    attachment = await announce(office, draft)

    assert (attachment.filename, attachment.content_type, attachment.size) == (
        "vorderingsstaat.pdf",
        "application/pdf",
        len(PDF),
    )
    assert (attachment.document_id, attachment.arrived_at) == (draft.id, None)
    entry = await AuditEntry.all().order_by("-id").first()
    assert entry is not None
    assert (entry.action, entry.actor_id, entry.subject_type, entry.subject_id) == (
        "ATTACHMENT_ANNOUNCED",
        office.drafter.user_id,
        "Attachment",
        attachment.id,
    )
    assert entry.after == {"filename": "vorderingsstaat.pdf", "size": len(PDF), "document": "Vorderingsstaat 3"}


async def test_a_repeated_announcement_returns_the_pending_attachment():
    office = await an_office()
    draft = await a_draft(office)
    first = await announce(office, draft)

    repeated = await announce(office, draft)

    assert repeated.id == first.id
    assert await Attachment.all().count() == 1


async def test_a_repeated_announcement_restarts_the_deadline_of_the_upload():
    office = await an_office()
    draft = await a_draft(office)
    first = await announce(office, draft)
    await Attachment.filter(id=first.id).update(created_at=first.created_at - timedelta(hours=25))

    repeated = await announce(office, draft)

    assert repeated.id == first.id
    assert repeated.created_at > first.created_at
    assert await give_up_uploads() == 0


async def test_a_filename_is_normalised_and_a_checksum_lower_cased():
    office = await an_office()
    draft = await a_draft(office)
    announced = announcement(filename="  re\u0301capitulatif.PDF ", content_type="Application/PDF; charset=binary")

    attachment = await announce(office, draft, replace(announced, sha256=announced.sha256.upper()))

    assert (attachment.filename, attachment.content_type, attachment.sha256) == (
        "r\u00e9capitulatif.PDF",
        "application/pdf",
        announced.sha256,
    )


@pytest.mark.parametrize(
    "filename",
    [
        "Λογαριασμός 3.pdf",
        "請求書.pdf",
        "فاتورة.pdf",
        "счёт-фактура №3.pdf",
        "📎 bijlage 👩\u200d🔧.pdf",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645.pdf",
        "a..b (kopie) 'x' \"y\".pdf",
    ],
)
async def test_a_filename_may_be_in_any_script(filename: str):
    office = await an_office()
    draft = await a_draft(office)

    assert (await announce(office, draft, announcement(filename=filename))).filename == filename


@pytest.mark.parametrize(
    ("filename", "kind", "facts"),
    [
        ("", Required, {}),
        (" \t ", Required, {}),
        ("../../etc/passwd.pdf", FilenameInvalid, {}),
        ("..", FilenameInvalid, {}),
        (".pdf", FilenameInvalid, {}),
        ("map/staat.pdf", FilenameInvalid, {}),
        ("C:\\staat.pdf", FilenameInvalid, {}),
        ("staat\u202efdp.pdf", TextNotPlain, {}),
        ("staat\u200e.pdf", FilenameInvalid, {}),
        ("sta\u00adat.pdf", FilenameInvalid, {}),
        ("staat\U000e0041.pdf", FilenameInvalid, {}),
        ("staat\u2028.pdf", TextNotPlain, {}),
        ("staat\x00.pdf", TextNotPlain, {}),
        ("staat\r\nset-cookie: a.pdf", TextNotPlain, {}),
        ("x" * 197 + ".pdf", TextTooLong, {"length": 201, "maximum": 200}),
        ("staat", FileTypeNotAllowed, {"filename": "staat", "possible": EXTENSIONS}),
        ("staat.exe", FileTypeNotAllowed, {"filename": "staat.exe", "possible": EXTENSIONS}),
        ("staat.pdf.exe", FileTypeNotAllowed, {"filename": "staat.pdf.exe", "possible": EXTENSIONS}),
    ],
)
async def test_an_invalid_filename_is_refused(filename: str, kind: type[Refusal], facts: dict[str, Any]):
    office = await an_office()
    draft = await a_draft(office)
    async with assert_refused(kind, "filename", **facts):
        await announce(office, draft, announcement(filename=filename))


@pytest.mark.parametrize(
    ("field", "value", "kind", "path", "facts"),
    [
        (
            "content_type",
            "text/html",
            ContentTypeMismatch,
            "contentType",
            {"content_type": "text/html", "filename": "vorderingsstaat.pdf", "possible": "application/pdf"},
        ),
        ("size", 0, FileEmpty, "size", {}),
        ("size", -1, FileEmpty, "size", {}),
        ("size", 100 * 1024 * 1024 + 1, FileTooLarge, "size", {"maximum": 100}),
        ("sha256", "a" * 63, ChecksumInvalid, "sha256", {}),
        ("sha256", "g" * 64, ChecksumInvalid, "sha256", {}),
    ],
)
async def test_an_invalid_announcement_is_refused(
    field: str, value: Any, kind: type[Refusal], path: str, facts: dict[str, Any]
):
    office = await an_office()
    draft = await a_draft(office)
    async with assert_refused(kind, path, **facts):
        await announce(office, draft, replace(announcement(), **{field: value}))


async def test_the_maximum_file_size_is_a_setting(environment: Environment):
    environment.set(ATTACHMENT_MEGABYTES=1)
    office = await an_office()
    draft = await a_draft(office)
    assert (await announce(office, draft, replace(announcement(), size=1024 * 1024))).size == 1024 * 1024
    async with assert_refused(FileTooLarge, "size", maximum=1):
        await announce(office, draft, replace(announcement(filename="b.pdf"), size=1024 * 1024 + 1))


async def test_filenames_of_a_document_are_unique_regardless_of_case():
    office = await an_office()
    draft, other_draft = await a_draft(office), await a_draft(office)
    await announce(office, draft)
    async with assert_refused(FilenameTaken, "filename", filename="Vorderingsstaat.PDF"):
        await announce(office, draft, announcement(filename="Vorderingsstaat.PDF"))

    assert (await announce(office, other_draft)).document_id == other_draft.id


async def test_the_maximum_number_of_attachments_is_a_setting(environment: Environment):
    environment.set(ATTACHMENTS_PER_DOCUMENT=2)
    office = await an_office()
    draft = await a_draft(office)
    for number in range(2):
        await announce(office, draft, announcement(filename=f"{number}.pdf"))
    async with assert_refused(TooManyAttachments, "documentId", maximum=2):
        await announce(office, draft, announcement(filename="3.pdf"))


async def test_only_drafters_announce_and_remove_attachments():
    office = await an_office()
    draft = await a_draft(office)
    attachment = await announce(office, draft)
    for actor in (office.reader, office.administrator):
        async with assert_refused(LevelMissing, "documentId", theme=await Theme.get(code="INVOICING")):
            await request_upload(actor=actor, document_id=draft.id, file=announcement())
        async with assert_refused(LevelMissing, "id", theme=await Theme.get(code="INVOICING")):
            await remove_attachment(actor=actor, attachment_id=attachment.id)
    for actor in (office.colleague, office.authority):
        async with assert_refused(NotFound, "documentId"):
            await request_upload(actor=actor, document_id=draft.id, file=announcement())
        async with assert_refused(NotFound, "id"):
            await remove_attachment(actor=actor, attachment_id=attachment.id)


async def test_the_name_of_a_removed_attachment_is_free_again():
    office = await an_office()
    draft = await a_draft(office)
    attachment = await announce(office, draft)

    document = await remove_attachment(actor=office.sender, attachment_id=attachment.id)

    assert document.id == draft.id
    entry = await AuditEntry.all().order_by("-id").first()
    assert entry is not None
    assert (entry.action, entry.before) == (
        "ATTACHMENT_REMOVED",
        {"filename": "vorderingsstaat.pdf", "document": "Vorderingsstaat 3"},
    )
    async with assert_refused(NotFound, "id"):
        await remove_attachment(actor=office.sender, attachment_id=attachment.id)
    assert (await announce(office, draft)).id != attachment.id


async def test_a_document_with_a_pending_upload_is_not_sent():
    office = await an_office()
    draft = await a_draft(office)
    first = await announce(office, draft)
    second = await announce(office, draft, announcement(DOCX, "nota.docx", WORD))
    await complete(office, first)
    async with assert_refused(UploadUnfinished, "id", filename="nota.docx"):
        await send_document(actor=office.sender, document_id=draft.id, version=1)

    await remove_attachment(actor=office.drafter, attachment_id=second.id)

    sent = await send_document(actor=office.sender, document_id=draft.id, version=1)
    assert sent.status == "SENT"


async def test_the_attachments_of_a_sent_document_cannot_be_changed():
    office = await an_office()
    draft = await a_draft(office)
    attachment = await announce(office, draft)
    await complete(office, attachment)
    await send_document(actor=office.sender, document_id=draft.id, version=1)
    sender = await User.get(id=office.sender.user_id)
    facts = {"name": sender.full_name, "day": await rows.today()}

    async with assert_refused(DocumentSent, "documentId", **facts):
        await announce(office, draft, announcement(filename="b.pdf"))
    async with assert_refused(DocumentSent, "id", **facts):
        await remove_attachment(actor=office.drafter, attachment_id=attachment.id)


async def test_the_attachments_of_a_delivered_document_cannot_be_changed():
    office = await an_office()
    received = await rows.a_document(office.contract)
    attachment = await rows.an_attachment(received)

    async with assert_refused(DocumentReceived, "documentId"):
        await announce(office, received)
    async with assert_refused(DocumentReceived, "id"):
        await remove_attachment(actor=office.drafter, attachment_id=attachment.id)


async def test_no_file_is_announced_on_a_hidden_theme_or_an_ended_contract():
    office = await an_office()
    draft = await a_draft(office)
    attachment = await rows.an_attachment(draft)
    await Theme.filter(code="INVOICING").update(visible=False)
    async with assert_refused(ThemeHidden, "documentId", theme=await Theme.get(code="INVOICING"), possible="—"):
        await announce(office, draft)
    # An attachment on a hidden theme can still be removed.
    assert (await remove_attachment(actor=office.drafter, attachment_id=attachment.id)).id == draft.id
    assert (await Attachment.get(id=attachment.id)).removed_at is not None
    await Theme.filter(code="INVOICING").update(visible=True)
    await end_contract(actor=office.authority, contract_id=office.contract.id, reason="Opgeleverd")
    async with assert_refused(ContractEnded, "documentId"):
        await announce(office, draft)


async def test_deleting_a_draft_removes_its_attachments():
    office = await an_office()
    draft = await a_draft(office)
    attachment = await announce(office, draft)

    await delete_draft(actor=office.drafter, document_id=draft.id, version=1)

    await attachment.refresh_from_db()
    assert attachment.removed_at is not None


async def test_concurrent_announcements_of_one_filename_create_one_attachment():
    office = await an_office()
    draft = await a_draft(office)
    files = [replace(announcement(filename="staat.pdf"), sha256=f"{number:064x}") for number in range(3)]
    outcomes = await run_while_locked(draft, *(announce(office, draft, file) for file in files))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Attachment", "FilenameTaken", "FilenameTaken"]
    assert await Attachment.filter(document_id=draft.id).count() == 1


async def test_concurrent_announcements_do_not_exceed_the_maximum(environment: Environment):
    environment.set(ATTACHMENTS_PER_DOCUMENT="2")
    office = await an_office()
    draft = await a_draft(office)
    files = [announcement(filename=f"{number}.pdf") for number in range(3)]
    outcomes = await run_while_locked(draft, *(announce(office, draft, file) for file in files))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Attachment", "Attachment", "TooManyAttachments"]
    assert await Attachment.filter(document_id=draft.id).count() == 2
