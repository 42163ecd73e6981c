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
    document, other_document = [await rows.a_document(contract) for _ in range(2)]
    await rows.a_message(contract, document, subject="Eerste")
    await rows.a_message(contract, document, subject="Tweede")
    await rows.a_message(contract, other_document)
    await rows.a_message(contract)
    action = await rows.an_action(contract, document, title="Vul aan")
    await rows.an_action(contract, other_document)

    authority = machine(await contract.contracting_authority)
    node = (await read(authority, DOCUMENT, id=global_id("Document", document.id)))["node"]

    assert node["messages"] == {"totalCount": 2, "edges": [{"node": {"subject": "Tweede"}}]}
    opened = {"title": "Vul aan", "createdAt": action.created_at.isoformat()}
    assert node["actions"] == {"totalCount": 1, "edges": [{"node": opened}]}
    assert node["receivedAt"] is not None


async def test_only_administrators_follow_a_delivery_to_its_notification():
    contract = await rows.a_contract()
    notification = await rows.a_notification(contract, await rows.a_document(contract))
    delivery = await rows.a_delivery(await rows.a_routing(notification))
    administrator = await rows.a_person_with_right(await contract.organisation, Role.ADMINISTRATOR)
    colleague = await rows.a_person_with_right(await contract.organisation)
    delivery_id = {"id": global_id("Delivery", delivery.id)}

    assert (await read(person(administrator.user_id), DELIVERY, **delivery_id))["node"] == {
        "notification": {
            "id": global_id("Notification", notification.id),
            "contract": {"id": global_id("Contract", contract.id)},
            "document": {"id": global_id("Document", notification.document_id or 0)},
            "routings": [{"deliveries": [delivery_id]}],
        }
    }
    assert (await read(person(colleague.user_id), DELIVERY, **delivery_id))["node"] is None
