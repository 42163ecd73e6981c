"""Inverse fields: from a document to what refers to it, and from a mail to its subject."""

import pytest

from domain.models import Role
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import machine, person, read

pytestmark = pytest.mark.usefixtures("database")
DOCUMENT = """query($id: ID!) { node(id: $id) { ... on Document { receivedAt
  messages(first: 1) { totalCount edges { node { subject } } }
  actions(status: OPEN) { totalCount edges { node { title createdAt } } } } } }"""
DELIVERY = """query($id: ID!) { node(id: $id) { ... on Delivery {
  notification { id contract { id } document { id } routings { deliveries { id } } } } } }"""


async def test_a_document_has_the_messages_and_actions_about_it():
    contract = await rows.a_contract()
    document, other = [await rows.a_document(contract) for _ in range(2)]
    await rows.a_message(contract, document, subject="Eerste")
    await rows.a_message(contract, document, subject="Tweede")
    await rows.a_message(contract, other)
    await rows.a_message(contract)
    action = await rows.an_action(contract, document, title="Vul aan")
    await rows.an_action(contract, other)

    authority = machine(await contract.contracting_authority)
    told = (await read(authority, DOCUMENT, id=global_id("Document", document.id)))["node"]

    assert told["messages"] == {"totalCount": 2, "edges": [{"node": {"subject": "Tweede"}}]}
    opened = {"title": "Vul aan", "createdAt": action.created_at.isoformat()}
    assert told["actions"] == {"totalCount": 1, "edges": [{"node": opened}]}
    assert told["receivedAt"] is not None


async def test_a_mail_leads_to_what_it_tells_about_for_administrators_alone():
    contract = await rows.a_contract()
    notification = await rows.a_notification(contract, await rows.a_document(contract))
    delivery = await rows.a_delivery(await rows.a_routing(notification))
    administrator = await rows.a_person_with_right(await contract.organisation, Role.ADMINISTRATOR)
    colleague = await rows.a_person_with_right(await contract.organisation)
    given = {"id": global_id("Delivery", delivery.id)}

    assert (await read(person(administrator.user_id), DELIVERY, **given))["node"] == {
        "notification": {
            "id": global_id("Notification", notification.id),
            "contract": {"id": global_id("Contract", contract.id)},
            "document": {"id": global_id("Document", notification.document_id or 0)},
            "routings": [{"deliveries": [given]}],
        }
    }
    assert (await read(person(colleague.user_id), DELIVERY, **given))["node"] is None
