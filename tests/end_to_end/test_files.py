"""Uploads and downloads by the authority's system and the people of a contract, on a running demo."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import psutil

from tests.end_to_end.conftest import SignIn
from tests.end_to_end.contracts import READERS, SENDERS, contract_with, set_groups
from tests.end_to_end.document_delivery import (
    attachment_input,
    document_input,
    download_file,
    mail_about,
    unique_title,
    upload_file,
    wait_until_all_is_routed,
)
from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import RunningDemo
from tests.files import PDF, large_pdf

LARGE = 48 * 1024 * 1024
CONCURRENT = 5
DELIVER = """mutation ($input: DeliverDocumentInput!) { deliverDocument(input: $input) {
  document { id status } uploads { url attachment { filename } } errors { message } } }"""
DOCUMENT = (
    "query ($id: ID!) { node(id: $id) { ... on Document { status version attachments { filename downloadUrl } } } }"
)


def deliver_with_files(machine: Visitor, contract: Json, title: str, *files: Json) -> Json:
    payload: Json = machine.ask(DELIVER, input={**document_input(contract["id"], title), "attachments": files})[
        "deliverDocument"
    ]
    assert payload["errors"] == []
    return payload


def test_a_delivery_with_files_is_notified_after_its_last_upload(
    demo: RunningDemo, admin: Visitor, machine: Visitor, sign_in: SignIn
) -> None:
    contract, title = contract_with(admin), unique_title()
    set_groups(admin, contract, SENDERS, READERS)
    payload = deliver_with_files(
        machine, contract, title, attachment_input(PDF, "staat.pdf"), attachment_input(PDF, "bijlage 1.pdf")
    )
    first, last = payload["uploads"]
    upload_file(first, PDF)
    reader = sign_in("reader")
    assert reader.ask(DOCUMENT, id=payload["document"]["id"])["node"] is None
    wait_until_all_is_routed(demo)
    assert demo.mails_about(title) == []

    upload_file(last, PDF)

    assert mail_about(demo, title)["To"] == "facturatie@scheldeland.example"
    document = reader.ask(DOCUMENT, id=payload["document"]["id"])["node"]
    assert document["status"] == "RECEIVED"
    for attachment in document["attachments"]:
        assert download_file(attachment) == PDF


def test_a_file_is_uploaded_by_a_drafter_sent_by_a_sender_and_downloaded_by_the_authority(
    admin: Visitor, machine: Visitor, sign_in: SignIn
) -> None:
    drafter, sender = sign_in("drafter"), sign_in("sender")
    contract = contract_with(admin, "Facturatie verzenden", "Facturatie opstellen", "Facturatie lezen")
    draft = drafter.act("DraftDocument", contractId=contract["id"], title="Vorderingsstaat 9")["document"]
    upload = drafter.act("RequestUpload", documentId=draft["id"], **attachment_input(PDF, "staat 9.pdf"))["upload"]
    [refusal] = sender.act("SendDocument", id=draft["id"], version=draft["version"])["errors"]
    assert refusal["refusal"] == "UPLOAD_UNFINISHED"
    upload_file(upload, PDF)

    assert sender.act("SendDocument", id=draft["id"], version=draft["version"])["errors"] == []

    received = machine.run("ReceivedDocuments")["organisation"]["receivedDocuments"]["edges"][-1]["node"]
    assert (received["id"], received["attachments"][0]["filename"]) == (draft["id"], "staat 9.pdf")
    assert download_file(received["attachments"][0]) == PDF


class Memory:
    """The peak memory of a process while the block runs, in bytes above what it used before."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._before = self._peak = process.memory_info().rss

    @property
    def growth(self) -> int:
        return self._peak - self._before

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.01):
            self._peak = max(self._peak, self._process.memory_info().rss)


def test_concurrent_uploads_of_large_files_are_not_kept_in_memory(
    demo: RunningDemo, admin: Visitor, machine: Visitor
) -> None:
    contract, content = contract_with(admin), large_pdf(LARGE)
    files = [attachment_input(content, f"plan {number}.pdf") for number in range(CONCURRENT)]
    uploads = deliver_with_files(machine, contract, unique_title(), *files)["uploads"]

    with Memory(demo.part("api")) as memory, ThreadPoolExecutor(CONCURRENT) as pool:
        list(pool.map(lambda upload: upload_file(upload, content), uploads))

    # All files are 240 MB together; the process holds a few parts of each.
    assert memory.growth < LARGE
