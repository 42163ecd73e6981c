"""Documents that the authority's system delivers, and what comes of them."""

from email.message import EmailMessage
from hashlib import sha256
from itertools import count

import httpx

from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import RunningDemo
from tests.local.conftest import wait_until

DELIVER = """mutation ($input: DeliverDocumentInput!) {
  deliverDocument(input: $input) { document { id title } errors { code refusal message path } }
}"""
NOTIFICATIONS = """query ($id: ID!) { node(id: $id) { ... on Contract { notifications(first: 100) { edges { node {
  trigger status document { id title }
  routings { level explanation deliveries { address status attempts lastError sentAt } }
} } } } } }"""
UNROUTED = "select id from notification where status = 'PENDING'"
# The demo's history has mails that failed for good.
UNSENT = "select id from delivery where status in ('PENDING', 'SENDING', 'UNCERTAIN')"

_serial = count(1)


def some_title() -> str:
    """A title that no other document has."""
    return f"Aanvaarde vorderingsstaat nr. {next(_serial):04}"


def input_for(contract_id: str, title: str, external_id: str | None = None) -> Json:
    """What the authority's system gives; its own id is the title unless it is named."""
    return {"contractId": contract_id, "themeCode": "INVOICING", "title": title, "externalId": external_id or title}


def deliver(machine: Visitor, contract_id: str, title: str) -> str:
    """Delivers a document; gives its id."""
    payload = machine.ask(DELIVER, input=input_for(contract_id, title))["deliverDocument"]
    assert payload["errors"] == []
    return str(payload["document"]["id"])


def mail_about(demo: RunningDemo, title: str) -> EmailMessage:
    """The only mail about the document, once it and all others that wait have been sent."""
    [mail] = mails_about(demo, title)
    return mail


def mails_about(demo: RunningDemo, title: str) -> list[EmailMessage]:
    """The mails about the document, once they and all others that wait have been sent."""
    wait_until(lambda: bool(demo.mails_about(title)))
    wait_until_all_is_sent(demo)
    return demo.mails_about(title)


def wait_until_all_is_routed(demo: RunningDemo) -> None:
    """Waits until it has been decided for every notification where its mails go."""
    demo.database.wait_until_none(UNROUTED)


def wait_until_all_is_sent(demo: RunningDemo) -> None:
    """Waits until nothing waits any more."""
    wait_until_all_is_routed(demo)
    demo.database.wait_until_none(UNSENT)


def notifications(admin: Visitor, contract_id: str, title: str) -> list[Json]:
    """What an administrator reads about the document in the contract's list of notifications."""
    edges = admin.ask(NOTIFICATIONS, id=contract_id)["node"]["notifications"]["edges"]
    found = [edge["node"] for edge in edges]
    return [each for each in found if each["document"] and each["document"]["title"] == title]


def announced(content: bytes, filename: str) -> Json:
    """A PDF as it is announced."""
    checksum = sha256(content).hexdigest()
    return {"filename": filename, "contentType": "application/pdf", "size": len(content), "sha256": checksum}


def fetched(attachment: Json) -> bytes:
    """The bytes of a file, from the address that was given for it."""
    return httpx.get(attachment["downloadUrl"], timeout=100, trust_env=False).content


def put(upload: Json, content: bytes) -> None:
    """Brings the bytes of a file to the address that was given for it."""
    answer = httpx.put(upload["url"], content=content, timeout=100, trust_env=False)
    assert answer.status_code == 204, answer.text
