"""A contracting authority's system in short: delivers a document, waits until it was dealt with, fetches what was sent.

    python authority.py deliver MOW/AWV/2026/0430 VS-2026-0003 vorderingsstaat.pdf
    python authority.py receive inbox

It needs Python 3.11 and httpx. Either may be broken off and begun again: nothing is done twice or passed over.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from hashlib import file_digest
from mimetypes import guess_type
from pathlib import Path
from typing import Any, TypeVar

import httpx

API = os.environ.get("ECONTRACTING_URL", "http://127.0.0.1:8000")
ISSUER = os.environ.get("OIDC_ISSUER", "http://127.0.0.1:8001")
CREDENTIALS = {
    "client_id": os.environ.get("CLIENT_ID", "authority"),
    "client_secret": os.environ.get("CLIENT_SECRET", "demo"),
}
WAITS = (1, 2, 4, 8, 16, 32, 60)  # seconds: in two minutes whatever was replaced is back
TIMEOUT = httpx.Timeout(30)  # seconds: an operation ends after 15, and a stream says something as often

CONTRACT = """query Contract($number: String!) { viewer { organisations { organisation {
  contracts(first: 2, filter: {number: $number}) { edges { node { id } } } } } } }"""
DELIVER = """mutation Deliver($input: DeliverDocumentInput!) { payload: deliverDocument(input: $input) {
  document { id } uploads { url } errors { code refusal message path } } }"""
OPEN = """mutation Open($input: OpenActionInput!) { payload: openAction(input: $input) {
  action { id } errors { code refusal message path } } }"""
STATUS = "query Status($id: ID!) { node(id: $id) { ... on Action { status } } }"
FOLLOW = "subscription Follow($id: ID!) { actionChanged(contractId: $id) { id } }"
RECEIVED = """query Received($after: String) { viewer { organisations { organisation {
  receivedDocuments(first: 20, after: $after) { pageInfo { hasNextPage } edges { cursor
    node { title contract { number } attachments { id filename size sha256 } } } } } } } }"""
ADDRESS = "query Address($id: ID!) { node(id: $id) { ... on Attachment { downloadUrl } } }"

Result = TypeVar("Result")
Json = dict[str, Any]


class Failed(Exception):  # noqa: N818  # it names what came of it
    """It is no use to ask again: the text says why."""


class Later(Exception):  # noqa: N818  # it names what to do
    """It may work when it is asked again, after so many seconds at least."""

    def __init__(self, seconds: str = "0") -> None:
        super().__init__(seconds)
        self.seconds = int(seconds)


def patiently(act: Callable[[], Result]) -> Result:
    """What is answered in the end: an answer that got lost is asked for again, with the same input."""
    for wait in WAITS:
        try:
            return act()
        except Later as later:
            time.sleep(max(wait, later.seconds))
        except httpx.TransportError:
            time.sleep(wait)
    return act()


class ClientCredentials(httpx.Auth):
    """A token of the identity provider, and a new one as soon as the API takes it no more."""

    _token = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sends the request with the token; where the answer is 401, once more with a new one."""
        if not self._token:
            yield from self._renew()
        request.headers["Authorization"] = f"Bearer {self._token}"
        if (yield request).status_code == httpx.codes.UNAUTHORIZED:
            yield from self._renew()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _renew(self) -> Generator[httpx.Request, httpx.Response, None]:
        told = yield httpx.Request("GET", f"{ISSUER}/.well-known/openid-configuration")
        form = {"grant_type": "client_credentials", **CREDENTIALS}
        given = yield httpx.Request("POST", self._read(told)["token_endpoint"], data=form)
        self._token = self._read(given)["access_token"]

    def _read(self, told: httpx.Response) -> Json:
        if told.is_server_error:
            raise Later
        if told.is_error:
            raise Failed(f"The identity provider said {told.status_code}: {told.read().decode()}")
        return dict(json.loads(told.read()))


class Authority:
    """What the authority's system does."""

    def __init__(self) -> None:
        accepted = {"Accept": "application/graphql-response+json", "Accept-Language": "en"}
        self._api = httpx.Client(base_url=API, auth=ClientCredentials(), headers=accepted, timeout=TIMEOUT)
        # An address of a file says who asks: no token goes along.
        self._files = httpx.Client(headers={"Accept-Encoding": "identity"}, timeout=TIMEOUT)

    def deliver(self, number: str, external_id: str, file: Path) -> None:
        """Delivers a file on a contract, opens an action about it, and waits until that is done."""
        edges = self._own(CONTRACT, "contracts", number=number)["edges"]
        if len(edges) != 1:
            raise Failed(f"{len(edges)} contracts have the number {number}.")
        given = {"contractId": edges[0]["node"]["id"], "externalId": external_id, "title": f"Stuk {external_id}"}
        document = patiently(lambda: self._delivered(given, file))
        action = patiently(lambda: self._done(OPEN, {**given, "documentId": document}))["action"]["id"]
        self._wait_until_done(given["contractId"], action)

    def receive(self, folder: Path) -> None:
        """Fetches the files of every document that was sent since the last time, oldest first."""
        folder.mkdir(exist_ok=True)
        reached, more = folder / "reached", True
        while more:
            after = reached.read_text() if reached.exists() else None
            page = self._own(RECEIVED, "receivedDocuments", after=after)
            for edge in page["edges"]:
                for attachment in edge["node"]["attachments"]:
                    self._fetch(attachment, folder)
                reached.write_text(edge["cursor"])  # not before its files are here
                print(edge["node"]["contract"]["number"], edge["node"]["title"])
            more = page["pageInfo"]["hasNextPage"]

    def _delivered(self, given: Json, file: Path) -> str:
        with file.open("rb") as content:
            announced = {
                "filename": file.name,
                "contentType": guess_type(file)[0] or "application/octet-stream",
                "size": file.stat().st_size,
                "sha256": file_digest(content, "sha256").hexdigest(),
            }
        # The second time it gives the document that the first one made, and addresses for what hasn't arrived.
        payload = self._done(DELIVER, {**given, "themeCode": "INVOICING", "attachments": [announced]})
        for upload in payload["uploads"]:
            self._bring(upload["url"], file)
        return str(payload["document"]["id"])

    def _bring(self, address: str, file: Path) -> None:
        with file.open("rb") as content:
            answer = self._files.put(address, content=content)
        if answer.status_code == httpx.codes.NO_CONTENT:
            return
        if answer.is_server_error or answer.json()["code"] == "EXPIRED":
            raise Later(answer.headers.get("Retry-After", "0"))
        if answer.json()["refusal"] != "ALREADY_UPLOADED":
            raise Failed(answer.json()["message"])

    def _wait_until_done(self, contract: str, action: str) -> None:
        """Looks whenever an action of the contract changes, and at each comment that keeps the line open."""
        asked = {"query": FOLLOW, "variables": {"id": contract}}
        events = {"Accept": "text/event-stream"}
        while not self._is_done(action):
            with (
                suppress(httpx.TransportError),
                self._api.stream("POST", "/graphql", json=asked, headers=events) as told,
            ):
                for line in told.iter_lines():
                    if line.startswith(("data:", ":")) and self._is_done(action):
                        return
            time.sleep(1)

    def _is_done(self, action: str) -> bool:
        node = self._ask(STATUS, id=action)["node"]
        if node is None:
            raise Failed("The action is not there any more.")
        return bool(node["status"] == "DONE")

    def _fetch(self, attachment: Json, folder: Path) -> None:
        part = folder / f"{attachment['sha256']}.part"
        patiently(lambda: self._continue(attachment, part))
        with part.open("rb") as content:
            if file_digest(content, "sha256").hexdigest() != attachment["sha256"]:
                raise Failed(f"{part} is not what was sent.")
        part.replace(folder / f"{attachment['sha256'][:8]} {attachment['filename']}")

    def _continue(self, attachment: Json, part: Path) -> None:
        node = self._once(ADDRESS, {"id": attachment["id"]})["node"]  # an address is good for five minutes
        if node is None:
            raise Failed(f"{attachment['filename']} is not there any more.")
        with part.open("ab") as kept:
            if kept.tell() == attachment["size"]:
                return
            rest = {"Range": f"bytes={kept.tell()}-", "If-Range": f'"{attachment["sha256"]}"'}
            with self._files.stream("GET", node["downloadUrl"], headers=rest) as answer:
                if answer.status_code != httpx.codes.PARTIAL_CONTENT:
                    raise Later(answer.headers.get("Retry-After", "0"))
                for piece in answer.iter_raw():
                    kept.write(piece)

    def _own(self, document: str, connection: str, **variables: Any) -> Json:
        [own] = self._ask(document, **variables)["viewer"]["organisations"]
        return dict(own["organisation"][connection])

    def _ask(self, document: str, **variables: Any) -> Json:
        return patiently(lambda: self._once(document, variables))

    def _done(self, document: str, given: Json) -> Json:
        """The payload of a mutation that worked; its refusals are data."""
        payload = self._once(document, {"input": given})["payload"]
        for error in payload["errors"]:
            if error["code"] == "UNAVAILABLE":
                raise Later
            raise Failed(f"{error['refusal']} at {error['path']}: {error['message']}")
        return dict(payload)

    def _once(self, document: str, variables: Json) -> Json:
        answer = self._api.post("/graphql", json={"query": document, "variables": variables})
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
            raise Later(answer.headers.get("Retry-After", "0"))
        for error in answer.json().get("errors", ()):
            raise Failed(f"{error['extensions']['code']}: {error['message']} ({answer.headers['x-request-id']})")
        return dict(answer.json()["data"])


def main(command: str, *given: str) -> None:
    """Does what the command line says."""
    if command == "deliver":
        number, external_id, file = given
        Authority().deliver(number, external_id, Path(file))
    else:
        [folder] = given
        Authority().receive(Path(folder))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (Failed, Later, httpx.TransportError) as failure:
        sys.exit(f"{type(failure).__name__}: {failure}")
