"""The example client of docs/examples, run against a stack."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import SignIn
from tests.end_to_end.contracts import contract_with
from tests.end_to_end.document_delivery import attachment_input, unique_title, upload_file
from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import ROOT, RunningDemo
from tests.files import PDF, large_pdf
from tests.local.conftest import TIMEOUT, wait_until

EXAMPLE = ROOT / "docs" / "examples" / "authority.py"
WORK = """query($id: ID!) { viewer { user { id } } node(id: $id) { ... on Contract {
  actions(status: OPEN) { edges { node { id version title document { attachments { filename sha256 } } } } } } } }"""


REJECTED = "no-longer-good"


def start_example(demo: RunningDemo, *arguments: str | Path) -> subprocess.Popen[str]:
    environment = {"ECONTRACTING_URL": demo.ports.public_url, "OIDC_ISSUER": demo.ports.issuer, "NO_PROXY": "127.0.0.1"}
    return subprocess.Popen(
        [sys.executable, EXAMPLE, *arguments],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def result_of(example: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = example.communicate(timeout=TIMEOUT)
    return example.returncode, output


def test_the_example_delivers_a_file_and_waits_until_the_action_is_done(
    demo: RunningDemo, admin: Visitor, sign_in: SignIn, tmp_path: Path
) -> None:
    contract = contract_with(admin, "Facturatie verzenden", "Facturatie opstellen", "Facturatie lezen")
    external_id, file = unique_title(), tmp_path / "staat.pdf"
    file.write_bytes(PDF)
    drafter = sign_in("drafter")

    def open_actions() -> list[Json]:
        edges = drafter.ask(WORK, id=contract["id"])["node"]["actions"]["edges"]
        return [edge["node"] for edge in edges if external_id in edge["node"]["title"]]

    with start_example(demo, "deliver", contract["number"], external_id, file) as example:
        wait_until(lambda: bool(open_actions()))
        [action] = open_actions()
        myself = drafter.ask(WORK, id=contract["id"])["viewer"]["user"]["id"]
        assigned = drafter.act("AssignAction", id=action["id"], version=action["version"], userId=myself)["action"]
        assert example.poll() is None
        drafter.act("CompleteAction", id=action["id"], version=assigned["version"])
        assert result_of(example) == (0, "")
    assert [attachment["filename"] for attachment in action["document"]["attachments"]] == ["staat.pdf"]

    with start_example(demo, "deliver", contract["number"], external_id, file) as repetition:
        assert result_of(repetition) == (0, "")
    file.write_bytes(large_pdf(2000))
    with start_example(demo, "deliver", contract["number"], external_id, file) as with_other_content:
        status, output = result_of(with_other_content)
    assert (status, output.split(":")[:2]) == (1, ["PermanentError", " EXTERNAL_ID_CONFLICT at ['externalId']"])


def test_the_example_downloads_sent_documents_and_resumes_an_interrupted_download(
    demo: RunningDemo, admin: Visitor, sign_in: SignIn, tmp_path: Path
) -> None:
    sender = sign_in("sender")
    contract = contract_with(admin, "Facturatie verzenden", "Facturatie opstellen", "Facturatie lezen")
    draft = sender.act("DraftDocument", contractId=contract["id"], title=unique_title())["document"]
    content = large_pdf(100_000)
    file = attachment_input(content, "staat 12.pdf")
    upload_file(sender.act("RequestUpload", documentId=draft["id"], **file)["upload"], content)
    assert sender.act("SendDocument", id=draft["id"], version=draft["version"])["errors"] == []
    (tmp_path / f"{file['sha256']}.part").write_bytes(content[:60_000])

    with start_example(demo, "receive", tmp_path) as example:
        status, output = result_of(example)
    with start_example(demo, "receive", tmp_path) as repetition:
        assert result_of(repetition) == (0, "")

    assert (status, output.splitlines()[-1]) == (0, f"{contract['number']} {draft['title']}")
    assert (tmp_path / f"{file['sha256'][:8]} staat 12.pdf").read_bytes() == content
    assert list(tmp_path.glob("*.part")) == []


def test_the_example_renews_a_rejected_token(demo: RunningDemo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECONTRACTING_URL", demo.ports.public_url)
    monkeypatch.setenv("OIDC_ISSUER", demo.ports.issuer)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    names = runpy.run_path(str(EXAMPLE))
    authority = names["Authority"]()
    with authority._api, authority._files:
        authority._api.auth._token = REJECTED
        page = authority._own_connection(names["RECEIVED"], "receivedDocuments", after=None)
    assert page["pageInfo"] == {"hasNextPage": False}
