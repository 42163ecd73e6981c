"""The story of one contract, from its publication to its payment, with both sides and with those who follow it."""

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
OPEN = """mutation ($input: OpenActionInput!) { openAction(input: $input) { action { id version } errors { code } } }"""
NOTIFIED = "id trigger status contract { id } document { title } routings { level deliveries { address status } }"
ACTED = "id title status version assignee { fullName }"


def own_organisation(visitor: Visitor) -> Json:
    [place] = visitor.ask(CONTRACTOR)["viewer"]["organisations"]
    organisation: Json = place["organisation"]
    return organisation


def done(payload: Json, what: str) -> Json:
    assert payload["errors"] == [], payload
    result: Json = payload[what]
    return result


def mailed(demo: RunningDemo, subject: str) -> list[str]:
    """To whom a mail with that subject went, once there is one."""
    found: list[str] = []

    def arrived() -> bool:
        found[:] = [str(mail["Delivered-To"]) for mail in demo.mails() if subject in str(mail["Subject"])]
        return bool(found)

    wait_until(arrived)
    return sorted(found)


def published(machine: Visitor, contractor: Json) -> Json:
    number = f"MOW/2026/9{next(_serial):03}"
    payload = machine.act(
        "PublishContract",
        externalId=f"DOSSIER-{number}",
        number=number,
        title="N60 Ronse: heraanleg van de doortocht",
        contractorEnterpriseNumber=contractor["enterpriseNumber"],
    )
    return done(payload, "contract")


def link_groups(admin: Visitor, contract: Json) -> None:
    set_groups(admin, admin.ask(CONTRACT, id=contract["id"])["node"], SENDERS, READERS)


def deliver_and_watch(machine: Visitor, admin: Subscriber, contract: Json) -> None:
    title = unique_title()
    payload = machine.ask(DELIVER_DOCUMENT, input=document_input(contract["id"], title))["deliverDocument"]
    done(payload, "document")
    event = admin.next_event("notificationChanged", lambda each: sent_about(each, title))
    assert [routing["level"] for routing in event["routings"]] == ["GROUP"]


def sent_about(notification: Json, title: str) -> bool:
    deliveries = [each for routing in notification["routings"] for each in routing["deliveries"]]
    about = (notification["document"] or {}).get("title") == title
    return about and bool(deliveries) and all(each["status"] == "SENT" for each in deliveries)


def invoice(sender: Visitor, contract: Json) -> str:
    title = f"Vorderingsstaat van de aannemer nr. {next(_serial)}"
    drafted = done(sender.act("DraftDocument", contractId=contract["id"], title=title), "document")
    file = attachment_input(PDF, INVOICE)
    upload_file(done(sender.act("RequestUpload", documentId=drafted["id"], **file), "upload"), PDF)
    done(sender.act("SendDocument", id=drafted["id"], version=drafted["version"]), "document")
    refused = sender.act("UpdateDocument", id=drafted["id"], version=drafted["version"] + 1, title="Anders")
    assert [error["refusal"] for error in refused["errors"]] == ["DOCUMENT_SENT"]
    return title


def received(machine: Visitor, authority: Json) -> dict[str, Json]:
    """All documents that were sent to the authority, page by page, by title."""
    documents: dict[str, Json] = {}
    cursor = None
    while True:
        edges = machine.ask(RECEIVED, id=authority["id"], after=cursor)["node"]["receivedDocuments"]["edges"]
        if not edges:
            return documents
        cursor = edges[-1]["cursor"]
        documents |= {edge["node"]["title"]: edge["node"] for edge in edges}


def check_what_the_authority_received(machine: Visitor, authority: Json, title: str) -> None:
    document = received(machine, authority)[title]
    assert document["sentBy"] is None
    [file] = document["attachments"]
    assert (file["filename"], download_file(file)) == (INVOICE, PDF)


def say_that_it_is_paid(demo: RunningDemo, machine: Visitor, sender: Visitor, contract: Json) -> None:
    subject = f"Betaling {contract['number']}: coördinatie afgerond"
    given = {"externalId": subject, "subject": subject, "body": "Beste,\r\n\r\nHet bedrag is overgemaakt."}
    message = done(machine.act("DeliverMessage", contractId=contract["id"], documentId=None, **given), "message")
    for search, expected in (("COORDINATIE", [message["id"]]), ("bedrag", [message["id"]]), ("borgtocht", [])):
        found = sender.ask(MESSAGES, id=contract["id"], search=search)["node"]["messages"]["edges"]
        assert [edge["node"]["id"] for edge in found] == expected
    mail_about(demo, subject)


def open_action(machine: Visitor, contract: Json) -> Json:
    given = {"externalId": f"TAAK-{contract['number']}", "contractId": contract["id"], "title": "Bezorg de borgtocht"}
    return done(machine.ask(OPEN, input=given)["openAction"], "action")


def user_id(visitor: Visitor) -> str:
    return str(visitor.ask("{ viewer { user { id } } }")["viewer"]["user"]["id"])


def assign(visitor: Visitor, action: Json, to: str) -> Json:
    return done(visitor.act("AssignAction", id=action["id"], version=action["version"], userId=to), "action")


def test_from_publication_to_payment(demo: RunningDemo, admin: Visitor, machine: Visitor, sign_in: SignIn) -> None:
    contractor, authority = own_organisation(admin), own_organisation(machine)
    sender, drafter = sign_in("sender"), sign_in("drafter")
    with open_subscriber(admin) as notified, open_subscriber(machine) as acted:
        notified.subscribe("notificationChanged", "organisationId", contractor["id"], NOTIFIED)
        contract = published(machine, contractor)
        # Long before anything is told: nobody hears when following has begun.
        acted.subscribe("actionChanged", "contractId", contract["id"], ACTED)
        assert mailed(demo, contract["number"]) != []
        assert notified.next_event("notificationChanged", lambda each: each["contract"]["id"] == contract["id"])
        assert sender.ask(CONTRACT, id=contract["id"])["node"] is None

        link_groups(admin, contract)
        deliver_and_watch(machine, notified, contract)
        title = invoice(sender, contract)
        check_what_the_authority_received(machine, authority, title)

        action = open_action(machine, contract)
        assert acted.next_event("actionChanged", lambda each: each["status"] == "OPEN")["id"] == action["id"]
        release_by_losing_the_group(demo, admin, sender, acted, contract, action)
        complete(machine, admin, sender, acted, contract)
        say_that_it_is_paid(demo, machine, sender, contract)
        end(machine, sender, contract)
    assert drafter.ask(CONTRACT, id=contract["id"])["node"] is None


def release_by_losing_the_group(
    demo: RunningDemo, admin: Visitor, sender: Visitor, acted: Subscriber, contract: Json, action: Json
) -> None:
    assign(sender, action, user_id(sender))
    # The authority isn't told who has it.
    assert acted.next_event("actionChanged", lambda each: each["status"] == "ASSIGNED")["assignee"] is None

    set_groups(admin, admin.ask(CONTRACT, id=contract["id"])["node"], READERS)

    assert acted.next_event("actionChanged", lambda each: each["status"] == "OPEN")["version"] == action["version"] + 2
    about = [mail for mail in released_mails(demo, contract) if "Bezorg de borgtocht" in text_of(mail)]
    assert about != []


def released_mails(demo: RunningDemo, contract: Json) -> list[Any]:
    found: list[Any] = []

    def arrived() -> bool:
        found[:] = [mail for mail in demo.mails() if contract["number"] in str(mail["Subject"]) and is_release(mail)]
        return bool(found)

    wait_until(arrived)
    return found


def is_release(mail: Any) -> bool:
    return "vrijgegeven" in str(mail["Subject"]).lower()


def complete(machine: Visitor, admin: Visitor, sender: Visitor, acted: Subscriber, contract: Json) -> None:
    link_groups(admin, contract)
    action = machine.ask(
        "query ($id: ID!) { node(id: $id) { ... on Contract { actions { edges { node { id version } } } } } }",
        id=contract["id"],
    )["node"]["actions"]["edges"][0]["node"]
    taken = assign(sender, action, user_id(sender))
    done(sender.act("CompleteAction", id=taken["id"], version=taken["version"]), "action")
    assert acted.next_event("actionChanged", lambda each: each["status"] == "DONE")["id"] == action["id"]


def end(machine: Visitor, sender: Visitor, contract: Json) -> None:
    done(machine.act("EndContract", id=contract["id"], reason="Definitief opgeleverd en betaald"), "contract")

    refused = sender.act("DraftDocument", contractId=contract["id"], title="Te laat")
    assert [error["refusal"] for error in refused["errors"]] == ["CONTRACT_ENDED"]
    node = sender.ask(CONTRACT, id=contract["id"])["node"]
    assert (node["endedAt"] is not None, len(node["documents"]["edges"])) == (True, 2)
