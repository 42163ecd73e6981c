"""The main use case: a group is linked, a document is delivered, and its mail is read."""

import re
from urllib.parse import quote

from tests.end_to_end.conftest import SignIn
from tests.end_to_end.contracts import READERS, SENDERS, contract_with, set_groups
from tests.end_to_end.document_delivery import document_input, mail_about, notifications_about, unique_title
from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import RunningDemo, text_of

ACCESS = """query ($id: ID!) { node(id: $id) { ... on Contract {
  number title viewerAccess { themeLevels { level theme { code } } }
} } }"""


def invoicing_level(visitor: Visitor, contract: Json) -> str | None:
    """The visitor's level on INVOICING; None when the contract doesn't exist for them."""
    node = visitor.ask(ACCESS, id=contract["id"])["node"]
    if node is None:
        return None
    levels = {level["theme"]["code"]: level["level"] for level in node["viewerAccess"]["themeLevels"]}
    return str(levels["INVOICING"])


def test_a_group_is_linked_a_document_is_delivered_and_the_mail_is_read(
    demo: RunningDemo, admin: Visitor, machine: Visitor, sign_in: SignIn
) -> None:
    read_the_start_screen(admin)
    contract, title = contract_with(admin), unique_title()
    assert invoicing_level(sign_in("sender"), contract) is None

    set_groups(admin, contract, SENDERS, READERS)
    deliver_document(machine, contract, title)

    check_the_mail(demo, contract, title)
    read_it_in_the_mailbox(admin, contract, title)
    check_the_notification(admin, contract, title)
    levels = {"sender": "SEND", "reader": "READ", "admin": "READ"}
    for persona in ("sender", "reader", "admin", "drafter", "specific", "colleague", "manager", "outsider"):
        assert invoicing_level(sign_in(persona), contract) == levels.get(persona), persona


def read_the_start_screen(admin: Visitor) -> None:
    viewer = admin.run("StartScreen")["viewer"]
    assert viewer["user"]["fullName"] == "Bart Wouters"
    [standing] = viewer["organisations"]
    assert (standing["roles"], standing["mandates"]) == (["ADMINISTRATOR"], [])
    organisation = standing["organisation"]
    assert organisation["name"] == "Wegenbouw Scheldeland nv"
    assert "Bart Wouters" in [administrator["user"]["fullName"] for administrator in organisation["administrators"]]
    # Other tests publish more contracts in the same demo.
    assert organisation["contracts"]["totalCount"] >= 52
    assert len(organisation["contracts"]["edges"]) == 20


def deliver_document(machine: Visitor, contract: Json, title: str) -> None:
    payload = machine.act("DeliverDocument", **document_input(contract["id"], title))
    assert payload["errors"] == []
    assert payload["document"]["attachments"] == []


def check_the_mail(demo: RunningDemo, contract: Json, title: str) -> None:
    mail = mail_about(demo, title)
    assert mail["Delivered-To"] == mail["To"] == "facturatie@scheldeland.example"
    assert mail["From"] == "Departement Mobiliteit en Openbare Werken <no-reply@e-contracting.vlaanderen.be>"
    assert mail["Subject"] == f"Nieuw dossierstuk ontvangen voor opdracht {contract['number']}"
    assert mail["Content-Language"] == "nl"
    link = f"{demo.ports.public_url}/contracts/{quote(contract['id'], safe='')}"
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        for expected in ("Agentschap Wegen en Verkeer", contract["title"], "Facturatie", title, SENDERS, link):
            assert expected in text, (kind, expected)


def read_it_in_the_mailbox(admin: Visitor, contract: Json, title: str) -> None:
    mailbox = admin.client.get("/mailbox").text
    subject = f"Nieuw dossierstuk ontvangen voor opdracht {contract['number']}"
    # The first mail about this contract is the youngest.
    key = re.search(rf'<a href="/mailbox/([^"]+)">\s*{subject}', mailbox)
    assert key, mailbox
    page = admin.client.get(f"/mailbox/{key[1]}")
    assert f'src="/mailbox/{key[1]}/html"' in page.text
    for view in ("html", "text", "source"):
        response = admin.client.get(f"/mailbox/{key[1]}/{view}")
        assert response.status_code == 200
        assert title in response.text
    assert "Message-ID: <" in admin.client.get(f"/mailbox/{key[1]}/headers").text


def check_the_notification(admin: Visitor, contract: Json, title: str) -> None:
    [notification] = notifications_about(admin, contract["id"], title)
    assert (notification["trigger"], notification["status"]) == ("DOCUMENT_RECEIVED", "ROUTED")
    [routing] = notification["routings"]
    assert routing["level"] == "GROUP"
    [delivery] = routing["deliveries"]
    assert (delivery["address"], delivery["status"]) == ("facturatie@scheldeland.example", "SENT")
    assert (delivery["attempts"], delivery["lastError"]) == (1, None)
    assert delivery["sentAt"]
