"""Documents that the authority's system delivers, and their notifications, mails and attachments."""

from email.message import EmailMessage
from hashlib import sha256
from itertools import count

import httpx

from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import RunningDemo
from tests.local.conftest import wait_until

DELIVER_DOCUMENT = """mutation ($input: DeliverDocumentInput!) {
  deliverDocument(input: $input) { document { id title } errors { code refusal message path } }
}"""
NOTIFICATIONS = """query ($id: ID!) { node(id: $id) { ... on Contract { notifications(first: 100) { edges { node {
  trigger status document { id title }
  routings { level explanation deliveries { address status attempts lastError sentAt } }
} } } } } }"""
UNROUTED_NOTIFICATIONS = "select id from notification where status = 'PENDING'"
# The demo data has deliveries that failed for good.
UNSENT_DELIVERIES = "select id from delivery where status in ('PENDING', 'SENDING', 'UNCERTAIN')"

_serial_numbers = count(1)


def unique_title() -> str:
    """A title that is unique among the documents."""
    return f"Aanvaarde vorderingsstaat nr. {next(_serial_numbers):04}"


def document_input(contract_id: str, title: str, external_id: str | None = None) -> Json:
    """The input of deliverDocument; the authority's id is the title unless it is given."""
    return {"contractId": contract_id, "themeCode": "INVOICING", "title": title, "externalId": external_id or title}


def deliver(machine: Visitor, contract_id: str, title: str) -> str:
    """Delivers a document; returns its id."""
    payload = machine.ask(DELIVER_DOCUMENT, input=document_input(contract_id, title))["deliverDocument"]
    assert payload["errors"] == []
    return str(payload["document"]["id"])


def mail_about(demo: RunningDemo, title: str) -> EmailMessage:
    """The only mail about the document, after all pending mails have been sent."""
    [mail] = mails_about(demo, title)
    return mail


def mails_about(demo: RunningDemo, title: str) -> list[EmailMessage]:
    """The mails about the document, after all pending mails have been sent."""
    wait_until(lambda: bool(demo.mails_about(title)))
    wait_until_all_is_sent(demo)
    return demo.mails_about(title)


def wait_until_all_is_routed(demo: RunningDemo) -> None:
    """Waits until every notification has been routed."""
    demo.database.wait_until_none(UNROUTED_NOTIFICATIONS)


def wait_until_all_is_sent(demo: RunningDemo) -> None:
    """Waits until every notification has been routed and no delivery is pending."""
    wait_until_all_is_routed(demo)
    demo.database.wait_until_none(UNSENT_DELIVERIES)


def notifications_about(admin: Visitor, contract_id: str, title: str) -> list[Json]:
    """The document's notifications, as an administrator reads them on the contract."""
    edges = admin.ask(NOTIFICATIONS, id=contract_id)["node"]["notifications"]["edges"]
    nodes = [edge["node"] for edge in edges]
    return [node for node in nodes if node["document"] and node["document"]["title"] == title]


def attachment_input(content: bytes, filename: str) -> Json:
    """The input that announces a PDF as an attachment."""
    checksum = sha256(content).hexdigest()
    return {"filename": filename, "contentType": "application/pdf", "size": len(content), "sha256": checksum}


def download_file(attachment: Json) -> bytes:
    """The bytes of an attachment, from its download URL."""
    return httpx.get(attachment["downloadUrl"], timeout=100, trust_env=False).content


def upload_file(upload: Json, content: bytes) -> None:
    """Uploads the bytes of an attachment to its upload URL."""
    response = httpx.put(upload["url"], content=content, timeout=100, trust_env=False)
    assert response.status_code == 204, response.text
