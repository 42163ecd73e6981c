"""Files over HTTP: the API on a real socket, and a client that uploads and downloads."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from httpx import AsyncClient
from starlette.types import Receive, Scope, Send

from domain.actor import Actor
from domain.models import Attachment, Document, DocumentStatus, Organisation
from domain.rules.announced_file import AnnouncedFile
from gql.app import create_app
from gql.reading.ids import global_id
from tests import rows
from tests.domain.rules.office import Office, an_office
from tests.files import announcement
from tests.gql.execution import read
from tests.identity.serving import bind_socket, serve

ERRORS = "errors { code refusal path message }"


class _ApplicationWithoutLifespan:
    """The application without its lifespan: the test has opened the database."""

    def __init__(self) -> None:
        self._app = create_app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            raise RuntimeError("no lifespan")
        await self._app(scope, receive, send)


@dataclass(frozen=True)
class FileApi:
    """A contract with its people, and the running API.

    Attributes:
        office: The people, and the authority's system.
        client: A browser without cookies.
    """

    office: Office
    client: AsyncClient

    async def execute_mutation(
        self, actor: Actor, mutation: str, selection: str, **mutation_input: Any
    ) -> dict[str, Any]:
        """Executes a mutation and returns its payload."""
        kind = mutation[0].upper() + mutation[1:]
        document = f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {selection} {ERRORS} }} }}"
        payload: dict[str, Any] = (await read(actor, document, input=mutation_input))[mutation]
        return payload

    async def draft(self) -> Document:
        """A draft on the contract."""
        return await rows.a_document(self.office.contract, DocumentStatus.DRAFT)

    async def request_upload(self, draft: Document, file: AnnouncedFile | None = None, by: Actor | None = None) -> Any:
        """Executes requestUpload and returns its upload."""
        mutation_input = {"documentId": global_id("Document", draft.id), **file_input(file or announcement())}
        selection = "upload { url expiresAt attachment { id filename downloadUrl } }"
        payload = await self.execute_mutation(by or self.office.drafter, "requestUpload", selection, **mutation_input)
        assert payload["errors"] == []
        return payload["upload"]

    async def deliver(self, *files: AnnouncedFile, external_id: str = "VS-1") -> dict[str, Any]:
        """Executes deliverDocument and returns its payload."""
        mutation_input = {
            "externalId": external_id,
            "contractId": global_id("Contract", self.office.contract.id),
            "themeCode": "INVOICING",
            "title": "Vorderingsstaat 1",
            "attachments": [file_input(file) for file in files],
        }
        selection = "document { id status } uploads { url expiresAt attachment { id filename } }"
        return await self.execute_mutation(self.office.authority, "deliverDocument", selection, **mutation_input)

    async def upload_attachment(
        self, content: bytes, filename: str = "vorderingsstaat.pdf", draft: Document | None = None
    ) -> Attachment:
        """Uploads the bytes of a new attachment of a draft, and returns the attachment."""
        upload = await self.request_upload(draft or await self.draft(), announcement(content, filename))
        response = await self.client.put(upload["url"], content=content)
        assert response.status_code == 204, response.text
        return await Attachment.filter(filename=filename).order_by("-id").first() or Attachment()

    async def download_url(self, attachment: Attachment, by: Actor | None = None) -> str | None:
        """The downloadUrl of an attachment for an actor."""
        document = "query($id: ID!) { node(id: $id) { ... on Attachment { downloadUrl } } }"
        data = await read(by or self.office.reader, document, id=global_id("Attachment", attachment.id))
        return data["node"]["downloadUrl"] if data["node"] else None


def file_input(file: AnnouncedFile) -> dict[str, Any]:
    """The file as an input of the API announces it."""
    return {
        "filename": file.filename,
        "contentType": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
    }


@asynccontextmanager
async def file_api(set_public_url: Callable[[str], None]) -> AsyncIterator[FileApi]:
    """The API on a free port, and an office; `set_public_url` is called with the API's URL."""
    listener, url = bind_socket()
    set_public_url(url)
    office = await an_office()
    authority = await Organisation.get(id=office.contract.contracting_authority_id)
    await rows.a_machine_client(authority, name=office.authority.name)
    async with serve(_ApplicationWithoutLifespan(), listener), AsyncClient(timeout=60) as client:
        yield FileApi(office, client)
