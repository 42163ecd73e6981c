"""A minimal client for a contracting authority: delivers a document, waits for the action, downloads sent documents.

    python authority.py deliver MOW/AWV/2026/0430 VS-2026-0003 vorderingsstaat.pdf
    python authority.py receive inbox

Requires Python 3.11 and httpx. Both commands can be interrupted and run again: nothing is done twice or skipped.
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
RETRY_DELAYS = (1, 2, 4, 8, 16, 32, 60)  # seconds: a restarted server is back within two minutes
TIMEOUT = httpx.Timeout(30)  # seconds: an operation ends after 15, and an event stream sends a comment as often

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
DOWNLOAD_URL = "query DownloadUrl($id: ID!) { node(id: $id) { ... on Attachment { downloadUrl } } }"

Result = TypeVar("Result")
Json = dict[str, Any]


class PermanentError(Exception):
    """The request failed, and would fail again."""


class RetryableError(Exception):
    """The request may succeed when it is repeated, after at least so many seconds."""

    def __init__(self, seconds: str = "0") -> None:
        super().__init__(seconds)
        self.seconds = int(seconds)


def retry(attempt: Callable[[], Result]) -> Result:
    """Repeats a request, with the same input, until it succeeds or the delays are used up."""
    for delay in RETRY_DELAYS:
        try:
            return attempt()
        except RetryableError as error:
            time.sleep(max(delay, error.seconds))
        except httpx.TransportError:
            time.sleep(delay)
    return attempt()


class ClientCredentials(httpx.Auth):
    """Bearer token of the client credentials grant, renewed when the API rejects it."""

    _token = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sends the request with the token; after a 401, once more with a new one."""
        if not self._token:
            yield from self._renew()
        request.headers["Authorization"] = f"Bearer {self._token}"
        if (yield request).status_code == httpx.codes.UNAUTHORIZED:
            yield from self._renew()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _renew(self) -> Generator[httpx.Request, httpx.Response, None]:
        metadata = yield httpx.Request("GET", f"{ISSUER}/.well-known/openid-configuration")
        form = {"grant_type": "client_credentials", **CREDENTIALS}
        tokens = yield httpx.Request("POST", self._json(metadata)["token_endpoint"], data=form)
        self._token = self._json(tokens)["access_token"]

    def _json(self, response: httpx.Response) -> Json:
        if response.is_server_error:
            raise RetryableError
        if response.is_error:
            raise PermanentError(f"The identity provider answered {response.status_code}: {response.read().decode()}")
        return dict(json.loads(response.read()))


class Authority:
    """A client of the API on behalf of a contracting authority."""

    def __init__(self) -> None:
        headers = {"Accept": "application/graphql-response+json", "Accept-Language": "en"}
        self._api = httpx.Client(base_url=API, auth=ClientCredentials(), headers=headers, timeout=TIMEOUT)
        # File URLs are signed: they need no token.
        self._files = httpx.Client(headers={"Accept-Encoding": "identity"}, timeout=TIMEOUT)

    def deliver(self, number: str, external_id: str, file: Path) -> None:
        """Delivers a file on a contract, opens an action about it, and waits until the action is done."""
        edges = self._own_connection(CONTRACT, "contracts", number=number)["edges"]
        if len(edges) != 1:
            raise PermanentError(f"{len(edges)} contracts have the number {number}.")
        common = {"contractId": edges[0]["node"]["id"], "externalId": external_id, "title": f"Stuk {external_id}"}
        document = retry(lambda: self._deliver_document(common, file))
        action = retry(lambda: self._mutate(OPEN, {**common, "documentId": document}))["action"]["id"]
        self._wait_until_done(common["contractId"], action)

    def receive(self, folder: Path) -> None:
        """Downloads the files of all documents sent since the last run, oldest first."""
        folder.mkdir(exist_ok=True)
        last_cursor, more = folder / "last-cursor", True
        while more:
            after = last_cursor.read_text() if last_cursor.exists() else None
            page = self._own_connection(RECEIVED, "receivedDocuments", after=after)
            for edge in page["edges"]:
                for attachment in edge["node"]["attachments"]:
                    self._download(attachment, folder)
                last_cursor.write_text(edge["cursor"])  # only after its files are stored
                print(edge["node"]["contract"]["number"], edge["node"]["title"])
            more = page["pageInfo"]["hasNextPage"]

    def _deliver_document(self, common: Json, file: Path) -> str:
        with file.open("rb") as content:
            attachment = {
                "filename": file.name,
                "contentType": guess_type(file)[0] or "application/octet-stream",
                "size": file.stat().st_size,
                "sha256": file_digest(content, "sha256").hexdigest(),
            }
        # A repeated request returns the same document, with upload URLs for the files that haven't arrived.
        payload = self._mutate(DELIVER, {**common, "themeCode": "INVOICING", "attachments": [attachment]})
        for upload in payload["uploads"]:
            self._upload(upload["url"], file)
        return str(payload["document"]["id"])

    def _upload(self, url: str, file: Path) -> None:
        with file.open("rb") as content:
            response = self._files.put(url, content=content)
        if response.status_code == httpx.codes.NO_CONTENT:
            return
        if response.is_server_error or response.json()["code"] == "EXPIRED":
            raise RetryableError(response.headers.get("Retry-After", "0"))
        if response.json()["refusal"] != "ALREADY_UPLOADED":
            raise PermanentError(response.json()["message"])

    def _wait_until_done(self, contract: str, action: str) -> None:
        """Checks the status at every event about the contract, and at every comment that keeps the stream open."""
        subscription = {"query": FOLLOW, "variables": {"id": contract}}
        headers = {"Accept": "text/event-stream"}
        while not self._is_done(action):
            with (
                suppress(httpx.TransportError),
                self._api.stream("POST", "/graphql", json=subscription, headers=headers) as stream,
            ):
                for line in stream.iter_lines():
                    if line.startswith(("data:", ":")) and self._is_done(action):
                        return
            time.sleep(1)

    def _is_done(self, action: str) -> bool:
        node = self._query(STATUS, id=action)["node"]
        if node is None:
            raise PermanentError("The action no longer exists.")
        return bool(node["status"] == "DONE")

    def _download(self, attachment: Json, folder: Path) -> None:
        part = folder / f"{attachment['sha256']}.part"
        retry(lambda: self._resume_download(attachment, part))
        with part.open("rb") as content:
            if file_digest(content, "sha256").hexdigest() != attachment["sha256"]:
                raise PermanentError(f"{part} has another checksum than announced.")
        part.replace(folder / f"{attachment['sha256'][:8]} {attachment['filename']}")

    def _resume_download(self, attachment: Json, part: Path) -> None:
        node = self._execute(DOWNLOAD_URL, {"id": attachment["id"]})["node"]  # the URL is valid for five minutes
        if node is None:
            raise PermanentError(f"{attachment['filename']} no longer exists.")
        with part.open("ab") as target:
            if target.tell() == attachment["size"]:
                return
            headers = {"Range": f"bytes={target.tell()}-", "If-Range": f'"{attachment["sha256"]}"'}
            with self._files.stream("GET", node["downloadUrl"], headers=headers) as response:
                if response.status_code != httpx.codes.PARTIAL_CONTENT:
                    raise RetryableError(response.headers.get("Retry-After", "0"))
                for chunk in response.iter_raw():
                    target.write(chunk)

    def _own_connection(self, document: str, connection: str, **variables: Any) -> Json:
        [own] = self._query(document, **variables)["viewer"]["organisations"]
        return dict(own["organisation"][connection])

    def _query(self, document: str, **variables: Any) -> Json:
        return retry(lambda: self._execute(document, variables))

    def _mutate(self, document: str, values: Json) -> Json:
        """Returns the payload of a mutation; the errors in it are raised."""
        payload = self._execute(document, {"input": values})["payload"]
        for error in payload["errors"]:
            if error["code"] == "UNAVAILABLE":
                raise RetryableError
            raise PermanentError(f"{error['refusal']} at {error['path']}: {error['message']}")
        return dict(payload)

    def _execute(self, document: str, variables: Json) -> Json:
        response = self._api.post("/graphql", json={"query": document, "variables": variables})
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
            raise RetryableError(response.headers.get("Retry-After", "0"))
        for error in response.json().get("errors", ()):
            raise PermanentError(
                f"{error['extensions']['code']}: {error['message']} ({response.headers['x-request-id']})"
            )
        return dict(response.json()["data"])


def main(command: str, *arguments: str) -> None:
    """Runs a command of the command line."""
    if command == "deliver":
        number, external_id, file = arguments
        Authority().deliver(number, external_id, Path(file))
    else:
        [folder] = arguments
        Authority().receive(Path(folder))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (PermanentError, RetryableError, httpx.TransportError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
