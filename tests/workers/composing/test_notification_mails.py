"""The links in the mails of notifications."""

from collections.abc import Awaitable, Callable

import pytest

from domain.models import Action, Contract, Document, Message
from mail_templates import contract_link
from settings import settings
from tests import rows
from workers.composing.notification_mails import read_notification_mails

pytestmark = pytest.mark.usefixtures("environment", "database")

Subject = Document | Message | Action | None


async def a_document(contract: Contract) -> Document:
    return await rows.a_document(contract)


async def a_message_about_a_document(contract: Contract) -> Message:
    return await rows.a_message(contract, await rows.a_document(contract))


async def an_action_on_a_document(contract: Contract) -> Action:
    return await rows.an_action(contract, await rows.a_document(contract))


async def the_contract_alone(contract: Contract) -> None:
    del contract


@pytest.mark.parametrize(
    "create_subject", [the_contract_alone, a_document, a_message_about_a_document, an_action_on_a_document]
)
async def test_a_mail_links_to_the_contract_and_to_what_arrived_on_it(
    create_subject: Callable[[Contract], Awaitable[Subject]],
) -> None:
    contract = await rows.a_contract()
    subject = await create_subject(contract)
    routing = await rows.a_routing(await rows.a_notification(contract, subject))
    delivery = await rows.a_delivery(routing)

    mail = (await read_notification_mails([delivery.id], settings()))[delivery.id]

    subject_id = {f"{type(subject).__name__.lower()}_id": subject.id} if subject else {}
    assert mail.facts.link == contract_link(settings().public_url, contract.id, **subject_id)
    assert mail.message_id == delivery.message_id
