"""The life of one contract from its publication to its payment, for both parties and their subscriptions."""

from itertools import count
from typing import Any

from tests.end_to_end.conftest import SignIn
from tests.end_to_end.contracts import READERS, SENDERS, set_groups
from tests.end_to_end.document_delivery import (
    DELIVER_DOCUMENT,
    attachment_input,
    document_input,
    download_file,
    mail_about,
    unique_title,
    upload_file,
)
from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import RunningDemo, text_of
from tests.end_to_end.subscriber import Subscriber, open_subscriber
from tests.files import PDF
from tests.local.conftest import wait_until

_serial = count(1)
CONTRACTOR = "{ viewer { organisations { organisation { id enterpriseNumber } } } }"
CONTRACT = """query ($id: ID!) { node(id: $id) { ... on Contract { id number title version endedAt email
  documents { edges { node { id title status } } } viewerCan } } }"""
RECEIVED = """query ($id: ID!, $after: String) { node(id: $id) { ... on Organisation {
  receivedDocuments(first: 100, after: $after) { edges { cursor node { id title sentBy { id }
    attachments { filename downloadUrl } } } } } } }"""
MESSAGES = """query ($id: ID!, $search: String) { node(id: $id) { ... on Contract {
  messages(search: $search) { edges { node { id } } } } } }"""
INVOICE = "vorderingsstaat (état d'avancement).pdf"
OPEN_ACTION = (
    """mutation ($input: OpenActionInput!) { openAction(input: $input) { action { id version } errors { code } } }"""
)
NOTIFICATION_FIELDS = (
    "id trigger status contract { id } document { title } routings { level deliveries { address status } }"
)
ACTION_FIELDS = "id title status version assignee { fullName }"


def own_organisation(visitor: Visitor) -> Json:
    [standing] = visitor.ask(CONTRACTOR)["viewer"]["organisations"]
    organisation: Json = standing["organisation"]
    return organisation


def result_of(payload: Json, field: str) -> Json:
    """A field of a payload without errors."""
    assert payload["errors"] == [], payload
    result: Json = payload[field]
    return result


def wait_for_recipients(demo: RunningDemo, subject: str) -> list[str]:
    """Waits for mails whose subject contains this text; returns their recipients."""
    recipients: list[str] = []

    def has_arrived() -> bool:
        recipients[:] = [str(mail["Delivered-To"]) for mail in demo.mails() if subject in str(mail["Subject"])]
        return bool(recipients)

    wait_until(has_arrived)
    return sorted(recipients)


def publish_contract(machine: Visitor, contractor: Json) -> Json:
    number = f"MOW/2026/9{next(_serial):03}"
    payload = machine.act(
        "PublishContract",
        externalId=f"DOSSIER-{number}",
        number=number,
        title="N60 Ronse: heraanleg van de doortocht",
        contractorEnterpriseNumber=contractor["enterpriseNumber"],
    )
    return result_of(payload, "contract")


def link_groups(admin: Visitor, contract: Json) -> None:
    set_groups(admin, admin.ask(CONTRACT, id=contract["id"])["node"], SENDERS, READERS)


def deliver_and_watch(machine: Visitor, admin: Subscriber, contract: Json) -> None:
    title = unique_title()
    payload = machine.ask(DELIVER_DOCUMENT, input=document_input(contract["id"], title))["deliverDocument"]
    result_of(payload, "document")
    notification = admin.next_event("notificationChanged", lambda event: is_sent(event, title))
    assert [routing["level"] for routing in notification["routings"]] == ["GROUP"]


def is_sent(notification: Json, title: str) -> bool:
    """Whether it is about the document with this title, and every mail of it is sent."""
    deliveries = [delivery for routing in notification["routings"] for delivery in routing["deliveries"]]
    is_about_document = (notification["document"] or {}).get("title") == title
    return is_about_document and bool(deliveries) and all(delivery["status"] == "SENT" for delivery in deliveries)


def invoice(sender: Visitor, contract: Json) -> str:
    title = f"Vorderingsstaat van de aannemer nr. {next(_serial)}"
    draft = result_of(sender.act("DraftDocument", contractId=contract["id"], title=title), "document")
    file = attachment_input(PDF, INVOICE)
    upload_file(result_of(sender.act("RequestUpload", documentId=draft["id"], **file), "upload"), PDF)
    result_of(sender.act("SendDocument", id=draft["id"], version=draft["version"]), "document")
    payload = sender.act("UpdateDocument", id=draft["id"], version=draft["version"] + 1, title="Anders")
    assert [error["refusal"] for error in payload["errors"]] == ["DOCUMENT_SENT"]
    return title


def received_documents(machine: Visitor, authority: Json) -> dict[str, Json]:
    """All documents that were sent to the authority, read page by page, by title."""
    documents: dict[str, Json] = {}
    cursor = None
    while True:
        edges = machine.ask(RECEIVED, id=authority["id"], after=cursor)["node"]["receivedDocuments"]["edges"]
        if not edges:
            return documents
        cursor = edges[-1]["cursor"]
        documents |= {edge["node"]["title"]: edge["node"] for edge in edges}


def check_what_the_authority_received(machine: Visitor, authority: Json, title: str) -> None:
    document = received_documents(machine, authority)[title]
    assert document["sentBy"] is None
    [file] = document["attachments"]
    assert (file["filename"], download_file(file)) == (INVOICE, PDF)


def deliver_message_of_payment(demo: RunningDemo, machine: Visitor, sender: Visitor, contract: Json) -> None:
    subject = f"Betaling {contract['number']}: coördinatie afgerond"
    fields = {"externalId": subject, "subject": subject, "body": "Beste,\r\n\r\nHet bedrag is overgemaakt."}
    message = result_of(machine.act("DeliverMessage", contractId=contract["id"], documentId=None, **fields), "message")
    for search, expected in (("COORDINATIE", [message["id"]]), ("bedrag", [message["id"]]), ("borgtocht", [])):
        edges = sender.ask(MESSAGES, id=contract["id"], search=search)["node"]["messages"]["edges"]
        assert [edge["node"]["id"] for edge in edges] == expected
    mail_about(demo, subject)


def open_action(machine: Visitor, contract: Json) -> Json:
    fields = {"externalId": f"TAAK-{contract['number']}", "contractId": contract["id"], "title": "Bezorg de borgtocht"}
    return result_of(machine.ask(OPEN_ACTION, input=fields)["openAction"], "action")


def user_id(visitor: Visitor) -> str:
    return str(visitor.ask("{ viewer { user { id } } }")["viewer"]["user"]["id"])


def assign(visitor: Visitor, action: Json, to: str) -> Json:
    return result_of(visitor.act("AssignAction", id=action["id"], version=action["version"], userId=to), "action")


def test_from_publication_to_payment(demo: RunningDemo, admin: Visitor, machine: Visitor, sign_in: SignIn) -> None:
    contractor, authority = own_organisation(admin), own_organisation(machine)
    sender, drafter = sign_in("sender"), sign_in("drafter")
    with open_subscriber(admin) as notified, open_subscriber(machine) as acted:
        notified.subscribe("notificationChanged", "organisationId", contractor["id"], NOTIFICATION_FIELDS)
        contract = publish_contract(machine, contractor)
        # Long before the first event: the server doesn't report when a subscription has begun.
        acted.subscribe("actionChanged", "contractId", contract["id"], ACTION_FIELDS)
        assert wait_for_recipients(demo, contract["number"]) != []
        assert notified.next_event("notificationChanged", lambda event: event["contract"]["id"] == contract["id"])
        assert sender.ask(CONTRACT, id=contract["id"])["node"] is None

        link_groups(admin, contract)
        deliver_and_watch(machine, notified, contract)
        title = invoice(sender, contract)
        check_what_the_authority_received(machine, authority, title)

        action = open_action(machine, contract)
        assert acted.next_event("actionChanged", lambda each: each["status"] == "OPEN")["id"] == action["id"]
        release_by_losing_the_group(demo, admin, sender, acted, contract, action)
        complete(machine, admin, sender, acted, contract)
        deliver_message_of_payment(demo, machine, sender, contract)
        end(machine, sender, contract)
    assert drafter.ask(CONTRACT, id=contract["id"])["node"] is None


def release_by_losing_the_group(
    demo: RunningDemo, admin: Visitor, sender: Visitor, acted: Subscriber, contract: Json, action: Json
) -> None:
    assign(sender, action, user_id(sender))
    # The authority does not see the assignee.
    assert acted.next_event("actionChanged", lambda each: each["status"] == "ASSIGNED")["assignee"] is None

    set_groups(admin, admin.ask(CONTRACT, id=contract["id"])["node"], READERS)

    assert acted.next_event("actionChanged", lambda each: each["status"] == "OPEN")["version"] == action["version"] + 2
    assert any("Bezorg de borgtocht" in text_of(mail) for mail in wait_for_release_mails(demo, contract))


def wait_for_release_mails(demo: RunningDemo, contract: Json) -> list[Any]:
    mails: list[Any] = []

    def has_arrived() -> bool:
        mails[:] = [mail for mail in demo.mails() if contract["number"] in str(mail["Subject"]) and is_release(mail)]
        return bool(mails)

    wait_until(has_arrived)
    return mails


def is_release(mail: Any) -> bool:
    return "vrijgegeven" in str(mail["Subject"]).lower()


def complete(machine: Visitor, admin: Visitor, sender: Visitor, acted: Subscriber, contract: Json) -> None:
    link_groups(admin, contract)
    action = machine.ask(
        "query ($id: ID!) { node(id: $id) { ... on Contract { actions { edges { node { id version } } } } } }",
        id=contract["id"],
    )["node"]["actions"]["edges"][0]["node"]
    assigned = assign(sender, action, user_id(sender))
    result_of(sender.act("CompleteAction", id=assigned["id"], version=assigned["version"]), "action")
    assert acted.next_event("actionChanged", lambda each: each["status"] == "DONE")["id"] == action["id"]


def end(machine: Visitor, sender: Visitor, contract: Json) -> None:
    result_of(machine.act("EndContract", id=contract["id"], reason="Definitief opgeleverd en betaald"), "contract")

    payload = sender.act("DraftDocument", contractId=contract["id"], title="Te laat")
    assert [error["refusal"] for error in payload["errors"]] == ["CONTRACT_ENDED"]
    node = sender.ask(CONTRACT, id=contract["id"])["node"]
    assert (node["endedAt"] is not None, len(node["documents"]["edges"])) == (True, 2)
