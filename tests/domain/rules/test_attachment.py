"""The files of a draft: announced by those with DRAFT, taken away by them, and sent only when they have arrived."""

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


async def requested(office: Office, draft: Document, file: AnnouncedFile | None = None) -> Attachment:
    return await request_upload(actor=office.drafter, document_id=draft.id, file=file or announcement())


async def arrived(office: Office, attachment: Attachment, key: str = "ab/abcd") -> None:
    assert await complete_upload(actor=office.drafter, attachment_id=attachment.id, storage_key=key)


async def test_a_drafter_announces_a_file():
    office = await an_office()
    draft = await a_draft(office)

    attachment = await requested(office, draft)

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


async def test_the_same_announcement_again_gives_the_file_that_still_waits():
    office = await an_office()
    draft = await a_draft(office)
    first = await requested(office, draft)

    again = await requested(office, draft)

    assert again.id == first.id
    assert await Attachment.all().count() == 1


async def test_the_day_of_a_file_that_is_announced_again_begins_anew():
    office = await an_office()
    draft = await a_draft(office)
    first = await requested(office, draft)
    await Attachment.filter(id=first.id).update(created_at=first.created_at - timedelta(hours=25))

    again = await requested(office, draft)

    assert again.id == first.id
    assert again.created_at > first.created_at
    assert await give_up_uploads() == 0


async def test_a_name_is_kept_composed_and_a_checksum_in_small_letters():
    office = await an_office()
    draft = await a_draft(office)
    given = announcement(filename="  re\u0301capitulatif.PDF ", content_type="Application/PDF; charset=binary")

    attachment = await requested(office, draft, replace(given, sha256=given.sha256.upper()))

    assert (attachment.filename, attachment.content_type, attachment.sha256) == (
        "r\u00e9capitulatif.PDF",
        "application/pdf",
        given.sha256,
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
async def test_a_name_may_be_in_any_script(filename: str):
    office = await an_office()
    draft = await a_draft(office)

    assert (await requested(office, draft, announcement(filename=filename))).filename == filename


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
async def test_what_is_wrong_with_a_name_is_told(filename: str, kind: type[Refusal], facts: dict[str, Any]):
    office = await an_office()
    draft = await a_draft(office)
    async with assert_refused(kind, "filename", **facts):
        await requested(office, draft, announcement(filename=filename))


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
async def test_what_else_is_wrong_with_a_file_is_told(
    field: str, value: Any, kind: type[Refusal], path: str, facts: dict[str, Any]
):
    office = await an_office()
    draft = await a_draft(office)
    async with assert_refused(kind, path, **facts):
        await requested(office, draft, replace(announcement(), **{field: value}))


async def test_the_largest_file_is_a_setting(environment: Environment):
    environment.set(ATTACHMENT_MEGABYTES=1)
    office = await an_office()
    draft = await a_draft(office)
    assert (await requested(office, draft, replace(announcement(), size=1024 * 1024))).size == 1024 * 1024
    async with assert_refused(FileTooLarge, "size", maximum=1):
        await requested(office, draft, replace(announcement(filename="b.pdf"), size=1024 * 1024 + 1))


async def test_two_files_of_a_document_have_two_names_whatever_their_capitals():
    office = await an_office()
    draft, other = await a_draft(office), await a_draft(office)
    await requested(office, draft)
    async with assert_refused(FilenameTaken, "filename", filename="Vorderingsstaat.PDF"):
        await requested(office, draft, announcement(filename="Vorderingsstaat.PDF"))

    assert (await requested(office, other)).document_id == other.id


async def test_a_document_has_so_many_files_at_most(environment: Environment):
    environment.set(ATTACHMENTS_PER_DOCUMENT=2)
    office = await an_office()
    draft = await a_draft(office)
    for number in range(2):
        await requested(office, draft, announcement(filename=f"{number}.pdf"))
    async with assert_refused(TooManyAttachments, "documentId", maximum=2):
        await requested(office, draft, announcement(filename="3.pdf"))


async def test_only_drafters_announce_and_take_away():
    office = await an_office()
    draft = await a_draft(office)
    attachment = await requested(office, draft)
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


async def test_a_file_that_is_taken_away_is_gone_and_its_name_is_free():
    office = await an_office()
    draft = await a_draft(office)
    attachment = await requested(office, draft)

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
    assert (await requested(office, draft)).id != attachment.id


async def test_a_document_waits_for_its_files_before_it_is_sent():
    office = await an_office()
    draft = await a_draft(office)
    first = await requested(office, draft)
    second = await requested(office, draft, announcement(DOCX, "nota.docx", WORD))
    await arrived(office, first)
    async with assert_refused(UploadUnfinished, "id", filename="nota.docx"):
        await send_document(actor=office.sender, document_id=draft.id, version=1)

    await remove_attachment(actor=office.drafter, attachment_id=second.id)

    sent = await send_document(actor=office.sender, document_id=draft.id, version=1)
    assert sent.status == "SENT"


async def test_the_files_of_a_sent_document_stay_as_they_are():
    office = await an_office()
    draft = await a_draft(office)
    attachment = await requested(office, draft)
    await arrived(office, attachment)
    await send_document(actor=office.sender, document_id=draft.id, version=1)
    sender = await User.get(id=office.sender.user_id)
    told = {"name": sender.full_name, "day": await rows.today()}

    async with assert_refused(DocumentSent, "documentId", **told):
        await requested(office, draft, announcement(filename="b.pdf"))
    async with assert_refused(DocumentSent, "id", **told):
        await remove_attachment(actor=office.drafter, attachment_id=attachment.id)


async def test_the_files_of_what_the_authority_delivered_are_the_authoritys():
    office = await an_office()
    received = await rows.a_document(office.contract)
    attachment = await rows.an_attachment(received)

    async with assert_refused(DocumentReceived, "documentId"):
        await requested(office, received)
    async with assert_refused(DocumentReceived, "id"):
        await remove_attachment(actor=office.drafter, attachment_id=attachment.id)


async def test_on_a_hidden_theme_or_an_ended_contract_no_file_is_added():
    office = await an_office()
    draft = await a_draft(office)
    there = await rows.an_attachment(draft)
    await Theme.filter(code="INVOICING").update(visible=False)
    async with assert_refused(ThemeHidden, "documentId", theme=await Theme.get(code="INVOICING"), possible="—"):
        await requested(office, draft)
    # What is there can be taken away.
    assert (await remove_attachment(actor=office.drafter, attachment_id=there.id)).id == draft.id
    assert (await Attachment.get(id=there.id)).removed_at is not None
    await Theme.filter(code="INVOICING").update(visible=True)
    await end_contract(actor=office.authority, contract_id=office.contract.id, reason="Opgeleverd")
    async with assert_refused(ContractEnded, "documentId"):
        await requested(office, draft)


async def test_a_deleted_draft_takes_its_files_along():
    office = await an_office()
    draft = await a_draft(office)
    attachment = await requested(office, draft)

    await delete_draft(actor=office.drafter, document_id=draft.id, version=1)

    await attachment.refresh_from_db()
    assert attachment.removed_at is not None


async def test_of_several_files_of_one_name_announced_at_once_there_is_one():
    office = await an_office()
    draft = await a_draft(office)
    files = [replace(announcement(filename="staat.pdf"), sha256=f"{number:064x}") for number in range(3)]
    outcomes = await run_while_locked(draft, *(requested(office, draft, file) for file in files))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Attachment", "FilenameTaken", "FilenameTaken"]
    assert await Attachment.filter(document_id=draft.id).count() == 1


async def test_files_announced_at_once_are_no_more_than_may_be(environment: Environment):
    environment.set(ATTACHMENTS_PER_DOCUMENT="2")
    office = await an_office()
    draft = await a_draft(office)
    files = [announcement(filename=f"{number}.pdf") for number in range(3)]
    outcomes = await run_while_locked(draft, *(requested(office, draft, file) for file in files))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Attachment", "Attachment", "TooManyAttachments"]
    assert await Attachment.filter(document_id=draft.id).count() == 2
