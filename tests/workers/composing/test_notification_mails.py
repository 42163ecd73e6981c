"""The facts of the mails of notifications: where their links lead."""

from collections.abc import Awaitable, Callable

import pytest

from domain.models import Action, Contract, Document, Message
from mail_templates import contract_link
from settings import settings
from tests import rows
from workers.composing.notification_mails import read_notification_mails

pytestmark = pytest.mark.usefixtures("environment", "database")

About = Document | Message | Action | None


async def a_document(contract: Contract) -> Document:
    return await rows.a_document(contract)


async def a_message_about_a_document(contract: Contract) -> Message:
    return await rows.a_message(contract, await rows.a_document(contract))


async def an_action_on_a_document(contract: Contract) -> Action:
    return await rows.an_action(contract, await rows.a_document(contract))


async def nothing_else(contract: Contract) -> None:
    del contract


@pytest.mark.parametrize("happened", [nothing_else, a_document, a_message_about_a_document, an_action_on_a_document])
async def test_a_mail_leads_to_the_contract_and_names_what_happened_on_it(
    happened: Callable[[Contract], Awaitable[About]],
) -> None:
    contract = await rows.a_contract()
    about = await happened(contract)
    routing = await rows.a_routing(await rows.a_notification(contract, about))
    delivery = await rows.a_delivery(routing)

    mail = (await read_notification_mails([delivery.id], settings()))[delivery.id]

    named = {f"{type(about).__name__.lower()}_id": about.id} if about else {}
    assert mail.facts.link == contract_link(settings().public_url, contract.id, **named)
    assert mail.message_id == delivery.message_id
