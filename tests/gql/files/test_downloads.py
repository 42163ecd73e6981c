"""Downloads: by address alone, as long as the viewer may read the file, whole or in ranges."""

import httpx
import pytest

from domain.models import AccessRight, Attachment, Document, DocumentStatus, GroupLink
from domain.rules.attachment import remove_attachment
from domain.rules.document_sending import send_document
from gql.files import downloads
from tests import rows
from tests.files import PDF, announcement, large_pdf
from tests.gql.files.file_api import FileApi
from tests.stores import FolderStore

pytestmark = pytest.mark.usefixtures("folder_store")
CONTENT = large_pdf(300_000)


@pytest.fixture
async def attachment(files: FileApi) -> Attachment:
    """An uploaded file of a draft."""
    return await files.upload_attachment(CONTENT)


async def url_of(files: FileApi, attachment: Attachment) -> str:
    url = await files.download_url(attachment)
    assert url is not None
    return url


async def test_a_download_is_an_attachment_that_browsers_neither_show_nor_cache(files: FileApi, attachment: Attachment):
    response = await files.client.get(await url_of(files, attachment))

    assert (response.status_code, response.content) == (200, CONTENT)
    headers = response.headers
    assert headers["content-disposition"] == "attachment; filename*=utf-8''vorderingsstaat.pdf"
    assert headers["content-type"] == "application/pdf"
    assert (headers["content-length"], headers["accept-ranges"]) == ("300000", "bytes")
    assert headers["etag"] == f'"{attachment.sha256}"'
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("filename", "encoded"),
    [
        ("请求 3.pdf", "%E8%AF%B7%E6%B1%82%203.pdf"),
        ("Réception définitive.pdf", "R%C3%A9ception%20d%C3%A9finitive.pdf"),
        ('a"b;c.pdf', "a%22b%3Bc.pdf"),
        ("فاتورة.pdf", "%D9%81%D8%A7%D8%AA%D9%88%D8%B1%D8%A9.pdf"),
    ],
)
async def test_a_filename_in_any_script_is_percent_encoded(files: FileApi, filename: str, encoded: str):
    attachment = await files.upload_attachment(PDF, filename)

    response = await files.client.get(await url_of(files, attachment))

    assert response.headers["content-disposition"] == f"attachment; filename*=utf-8''{encoded}"


async def test_head_returns_the_headers_of_get_without_a_body(files: FileApi, attachment: Attachment):
    url = await url_of(files, attachment)
    whole = await files.client.get(url)

    head = await files.client.head(url, headers={"range": "bytes=0-9"})

    assert (head.status_code, head.content) == (200, b"")
    ignored = {"date", "x-request-id"}
    assert {k: v for k, v in head.headers.items() if k not in ignored} == {
        k: v for k, v in whole.headers.items() if k not in ignored
    }


@pytest.mark.parametrize(
    ("range_header", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=100-", 100, 300_000),
        ("bytes=-5", 299_995, 300_000),
        ("bytes=-300001", 0, 300_000),
        ("bytes=299999-400000", 299_999, 300_000),
        ("bytes=0-", 0, 300_000),
    ],
)
async def test_a_range_is_answered_with_that_part(
    files: FileApi, attachment: Attachment, range_header: str, start: int, end: int
):
    response = await files.client.get(await url_of(files, attachment), headers={"range": range_header})

    assert (response.status_code, response.content) == (206, CONTENT[start:end])
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/300000"
    assert response.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("range_header", ["bytes=300000-", "bytes=400000-500000", "bytes=-0", "Bytes = -00"])
async def test_a_range_beyond_the_end_is_not_satisfiable(files: FileApi, attachment: Attachment, range_header: str):
    response = await files.client.get(await url_of(files, attachment), headers={"range": range_header})

    assert (response.status_code, response.content) == (416, b"")
    assert response.headers["content-range"] == "bytes */300000"


@pytest.mark.parametrize("range_header", ["lines=0-9", "bytes=9-0", "bytes=a-b", "bytes=0-9,20-29", "rubbish"])
async def test_a_header_that_is_no_single_range_is_ignored(files: FileApi, attachment: Attachment, range_header: str):
    response = await files.client.get(await url_of(files, attachment), headers={"range": range_header})

    assert (response.status_code, response.content) == (200, CONTENT)


async def test_if_range_needs_a_strong_match(files: FileApi, attachment: Attachment):
    url = await url_of(files, attachment)
    same = await files.client.get(url, headers={"range": "bytes=0-9", "if-range": f'"{attachment.sha256}"'})
    other = await files.client.get(url, headers={"range": "bytes=0-9", "if-range": f'"{"0" * 64}"'})
    weak = await files.client.get(url, headers={"range": "bytes=0-9", "if-range": f'W/"{attachment.sha256}"'})

    assert [same.status_code, other.status_code, weak.status_code] == [206, 200, 200]


@pytest.mark.parametrize("etags", ['"x", "{sha256}"', 'W/"{sha256}"', "*"])
async def test_a_file_that_the_client_has_is_not_sent_again(files: FileApi, attachment: Attachment, etags: str):
    url = await url_of(files, attachment)
    response = await files.client.get(url, headers={"if-none-match": etags.format(sha256=attachment.sha256)})

    assert (response.status_code, response.content) == (304, b"")


async def test_a_file_is_sent_to_a_client_that_has_another_one(files: FileApi, attachment: Attachment):
    url = await url_of(files, attachment)
    response = await files.client.get(url, headers={"if-none-match": f'"x", W/"{"0" * 64}"'})

    assert (response.status_code, response.content) == (200, CONTENT)


async def test_there_is_no_download_address_before_the_upload(files: FileApi):
    upload = await files.request_upload(await files.draft())
    assert upload["attachment"]["downloadUrl"] is None

    assert await files.download_url(await Attachment.get()) is None


async def test_an_address_stops_working_when_its_viewer_loses_access(files: FileApi, attachment: Attachment):
    url = await url_of(files, attachment)
    await GroupLink.filter(contract_id=files.office.contract.id).update(ended_at=await rows.now())

    for response in (await files.client.get(url), await files.client.get(url, headers={"range": "bytes=0-9"})):
        assert (response.status_code, response.json()["refusal"]) == (404, "NOT_FOUND")
    assert (await files.client.head(url)).status_code == 404


async def test_a_download_is_cut_off_when_the_viewer_loses_access(files: FileApi, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(downloads, "REAUTHORIZATION_BYTES", 100_000)
    content = large_pdf(20_000_000)
    large = await files.upload_attachment(content, "groot.pdf")
    received = bytearray()

    async def fetch() -> None:
        async with files.client.stream("GET", await url_of(files, large)) as response:
            async for chunk in response.aiter_raw():
                if not received:
                    await AccessRight.all().update(revoked_at=await rows.now(), revocation_reason="Uit dienst")
                received.extend(chunk)

    with pytest.raises(httpx.RemoteProtocolError, match="closed connection without sending complete"):
        await fetch()
    assert 0 < len(received) < len(content)


async def test_a_removed_attachment_is_gone_for_its_addresses_and_from_the_store(
    folder_store: FolderStore, files: FileApi, attachment: Attachment
):
    url = await url_of(files, attachment)
    assert folder_store.keys() == {attachment.storage_key}

    await remove_attachment(actor=files.office.drafter, attachment_id=attachment.id)

    assert (await files.client.get(url)).status_code == 404
    assert folder_store.keys() == set()


async def test_an_authority_downloads_sent_documents_and_never_drafts(files: FileApi):
    draft = await files.draft()
    attachment = await files.upload_attachment(PDF, draft=draft)
    assert await files.download_url(attachment, files.office.authority) is None

    await send_document(actor=files.office.sender, document_id=draft.id, version=1)

    url = await files.download_url(attachment, files.office.authority)
    assert url is not None
    assert (await files.client.get(url)).content == PDF
    await Document.filter(id=draft.id).update(status=DocumentStatus.DRAFT, sent_at=None, sent_position=None)
    assert (await files.client.get(url)).status_code == 404


async def test_only_the_authority_reads_a_delivery_that_is_not_complete(files: FileApi):
    payload = await files.deliver(announcement(filename="a.pdf"), announcement(filename="b.pdf"))
    await files.client.put(payload["uploads"][0]["url"], content=PDF)
    attachment = await Attachment.get(filename="a.pdf")

    for reader in (files.office.reader, files.office.administrator, files.office.sender):
        assert await files.download_url(attachment, reader) is None
    url = await files.download_url(attachment, files.office.authority)
    assert url is not None
    assert (await files.client.get(url)).content == PDF
