"""The example of docs/examples, as an authority runs it against a stack."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import SignIn
from tests.end_to_end.contracts import contract_with
from tests.end_to_end.delivering import announced, put, some_title
from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import ROOT, RunningDemo
from tests.files import PDF, a_large_pdf
from tests.local.conftest import PATIENCE, wait_until

EXAMPLE = ROOT / "docs" / "examples" / "authority.py"
WORK = """query($id: ID!) { viewer { user { id } } node(id: $id) { ... on Contract {
  actions(status: OPEN) { edges { node { id version title document { attachments { filename sha256 } } } } } } } }"""


SPOILED = "no-longer-good"


def begun(demo: RunningDemo, *given: str | Path) -> subprocess.Popen[str]:
    where = {"ECONTRACTING_URL": demo.ports.public_url, "OIDC_ISSUER": demo.ports.issuer, "NO_PROXY": "127.0.0.1"}
    return subprocess.Popen(
        [sys.executable, EXAMPLE, *given],
        env=os.environ | where,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said(example: subprocess.Popen[str]) -> tuple[int, str]:
    told, _ = example.communicate(timeout=PATIENCE)
    return example.returncode, told


def test_it_delivers_a_file_and_waits_until_somebody_has_dealt_with_it(
    demo: RunningDemo, admin: Visitor, sign_in: SignIn, tmp_path: Path
) -> None:
    contract = contract_with(admin, "Facturatie verzenden", "Facturatie opstellen", "Facturatie lezen")
    external_id, file = some_title(), tmp_path / "staat.pdf"
    file.write_bytes(PDF)
    drafter = sign_in("drafter")

    def opened() -> list[Json]:
        edges = drafter.ask(WORK, id=contract["id"])["node"]["actions"]["edges"]
        return [edge["node"] for edge in edges if external_id in edge["node"]["title"]]

    with begun(demo, "deliver", contract["number"], external_id, file) as example:
        wait_until(lambda: bool(opened()))
        [action] = opened()
        myself = drafter.ask(WORK, id=contract["id"])["viewer"]["user"]["id"]
        taken = drafter.act("AssignAction", id=action["id"], version=action["version"], userId=myself)["action"]
        assert example.poll() is None
        drafter.act("CompleteAction", id=action["id"], version=taken["version"])
        assert said(example) == (0, "")
    assert [each["filename"] for each in action["document"]["attachments"]] == ["staat.pdf"]

    with begun(demo, "deliver", contract["number"], external_id, file) as again:
        assert said(again) == (0, "")
    file.write_bytes(a_large_pdf(2000))
    with begun(demo, "deliver", contract["number"], external_id, file) as other:
        status, told = said(other)
    assert (status, told.split(":")[:2]) == (1, ["Failed", " EXTERNAL_ID_CONFLICT at ['externalId']"])


def test_it_fetches_what_was_sent_and_goes_on_where_it_was_broken_off(
    demo: RunningDemo, admin: Visitor, sign_in: SignIn, tmp_path: Path
) -> None:
    sender = sign_in("sender")
    contract = contract_with(admin, "Facturatie verzenden", "Facturatie opstellen", "Facturatie lezen")
    draft = sender.act("DraftDocument", contractId=contract["id"], title=some_title())["document"]
    content = a_large_pdf(100_000)
    file = announced(content, "staat 12.pdf")
    put(sender.act("RequestUpload", documentId=draft["id"], **file)["upload"], content)
    assert sender.act("SendDocument", id=draft["id"], version=draft["version"])["errors"] == []
    (tmp_path / f"{file['sha256']}.part").write_bytes(content[:60_000])

    with begun(demo, "receive", tmp_path) as example:
        status, told = said(example)
    with begun(demo, "receive", tmp_path) as again:
        assert said(again) == (0, "")

    assert (status, told.splitlines()[-1]) == (0, f"{contract['number']} {draft['title']}")
    assert (tmp_path / f"{file['sha256'][:8]} staat 12.pdf").read_bytes() == content
    assert list(tmp_path.glob("*.part")) == []


def test_it_asks_for_a_new_token_when_its_own_is_not_taken_any_more(
    demo: RunningDemo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECONTRACTING_URL", demo.ports.public_url)
    monkeypatch.setenv("OIDC_ISSUER", demo.ports.issuer)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    names = runpy.run_path(str(EXAMPLE))
    authority = names["Authority"]()
    with authority._api, authority._files:
        authority._api.auth._token = SPOILED
        told = authority._own(names["RECEIVED"], "receivedDocuments", after=None)
    assert told["pageInfo"] == {"hasNextPage": False}
