"""The preview of a mail (manual 4 and 5): it is what the mail will be, and it is for administrators."""

from dataclasses import replace
from typing import Any

import pytest

from domain.actor import Actor
from domain.database.connection import database
from domain.models import (
    Contract,
    Delivery,
    Document,
    DocumentLevel,
    GroupLink,
    Language,
    Notification,
    NotificationTrigger,
    Organisation,
    Role,
    Routing,
    Theme,
)
from domain.rules.notification_routing import SELECT_EVENT, route_notification
from gql.explanations import explanation
from gql.reading.ids import global_id
from mail_templates import NotificationFacts, contract_link, render
from settings import settings
from tests import rows
from tests.domain.routing_world import World
from tests.gql.execution import OperationResult, execute_operation, machine, person, read
from wording import LANGUAGES
from workers.composing.notification_mails import read_notification_mails

pytestmark = pytest.mark.usefixtures("database")

PREVIEW = """query($id: ID!, $trigger: NotificationTrigger!, $theme: String) { node(id: $id) { ... on Contract {
  notificationPreview(trigger: $trigger, themeCode: $theme) { level addresses explanation subject text html } } } }"""
EXAMPLES = {
    Language.NL: ("Voorbeeld van een dossierstuk", "Voorbeeld van een bericht", "Voorbeeld van een actie"),
    Language.FR: ("Exemple de document", "Exemple de message", "Exemple d'action"),
    Language.EN: ("Example of a document", "Example of a message", "Example of an action"),
    Language.DE: ("Beispiel für ein Dokument", "Beispiel für eine Nachricht", "Beispiel für eine Aktion"),
}


async def asked(
    actor: Actor, contract: Contract, trigger: str, theme: str | None = None, language: str = "nl"
) -> OperationResult:
    """What comes back for a preview."""
    key = global_id("Contract", contract.id)
    return await execute_operation(actor, PREVIEW, language=language, id=key, trigger=trigger, theme=theme)


async def preview(
    actor: Actor, contract: Contract, trigger: str, theme: str | None = None, language: str = "nl"
) -> Any:
    """The preview; None where the viewer may not read it."""
    answer = await asked(actor, contract, trigger, theme, language)
    assert answer.errors == []
    return answer.data["node"]["notificationPreview"]


async def an_administrator(organisation: Organisation) -> Actor:
    """Somebody without an address, whom no mail goes to."""
    relation = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email=None)
    return person(relation.user_id)


async def theme_of(notification: Notification) -> str | None:
    [event] = await database().execute_query_dict(SELECT_EVENT, [notification.id])
    return (await Theme.get(id=event["theme_id"])).code if event["theme_id"] else None


async def delivered(notification: Notification, language: str) -> dict[str, Any]:
    """What a notification that happened came to, as a preview tells it: with examples in place of what happened."""
    await Notification.filter(id=notification.id).update(released_by_id=None)
    await route_notification(notification.id, attempt=0, message_domain="mail.example")
    routing = await Routing.get(notification=notification)
    deliveries = await Delivery.filter(routing=routing).order_by("id")
    told = {
        "level": routing.level,
        "addresses": [each.address for each in deliveries],
        "explanation": explanation(language, routing.level, routing.explanation),
    }
    if not deliveries:
        return told
    facts = (await read_notification_mails([deliveries[0].id], settings()))[deliveries[0].id].facts
    document, message, action = EXAMPLES[facts.language]
    named = {"document_title": document, "message_subject": message, "action_title": action}
    assert isinstance(facts, NotificationFacts)
    given: dict[str, Any] = {name: text for name, text in named.items() if getattr(facts, name)}
    # What hasn't happened can't be linked to.
    contract = contract_link(settings().public_url, notification.contract_id)
    mail = render(replace(facts, link=contract, **given))
    return told | {"subject": mail.subject, "text": mail.text, "html": mail.html}


async def test_a_preview_is_what_the_mail_will_be() -> None:
    await Theme.all().update(visible=True)
    levels, languages = set(), set()
    for seed in range(12):
        notifications = await (world := World(seed)).populate()
        language = LANGUAGES[seed % len(LANGUAGES)]
        administrator = await an_administrator(world.organisation)
        for notification in notifications:
            contract = await Contract.get(id=notification.contract_id)
            theme = await theme_of(notification)
            shown = await preview(administrator, contract, notification.trigger, theme, language)
            expected = await delivered(notification, language)
            assert {name: shown[name] for name in expected} == expected, (seed, notification.trigger)
            levels.add(expected["level"])
            languages |= {name for name in LANGUAGES if f'<html lang="{name}"' in shown["html"]}
    assert levels == {"CONTRACT", "GROUP", "ORGANISATION", "USER", "ADMINISTRATOR", None}
    assert languages == set(LANGUAGES)


async def a_contract_with_a_group() -> tuple[Contract, Actor]:
    """A contract with a group that reads INVOICING and has an address, and an administrator of it."""
    organisation = await rows.an_organisation(name="Bouwwerken Janssens & Zonen nv")
    contract = await rows.a_contract(organisation, number="MOW/42", title="Brugherstel")
    group = await rows.a_group(
        organisation, "Facturatie", email="f@x.example", levels={"INVOICING": DocumentLevel.READ}
    )
    await rows.a_link(contract, group)
    return contract, await an_administrator(organisation)


async def test_it_says_who_and_why_and_shows_the_mail() -> None:
    contract, administrator = await a_contract_with_a_group()
    shown = await preview(administrator, contract, "DOCUMENT_RECEIVED", "INVOICING", language="fr")
    assert (shown["level"], shown["addresses"]) == ("GROUP", ["f@x.example"])
    assert shown["explanation"] == (
        "Le marché n'a pas d'adresse e-mail. Des groupes liés disposant des droits requis ont une adresse e-mail."
    )
    assert shown["subject"] == "Nieuw dossierstuk ontvangen voor opdracht MOW/42"
    assert "Dossierstuk: Voorbeeld van een dossierstuk" in shown["text"].splitlines()
    assert "Thema: Facturatie" in shown["text"].splitlines()
    assert "het e-mailadres is van de groep Facturatie" in shown["text"]
    assert '<html lang="nl"' in shown["html"]


async def test_where_nobody_would_be_mailed_the_mail_is_in_the_readers_language_and_says_so() -> None:
    contract = await rows.a_contract()
    administrator = await an_administrator(await Organisation.get(id=contract.organisation_id))
    shown = await preview(administrator, contract, "MESSAGE_RECEIVED", language="de")
    assert (shown["level"], shown["addresses"]) == (None, [])
    assert shown["explanation"].endswith("Daher wird keine E-Mail versandt.")
    assert "Nachricht: Beispiel für eine Nachricht" in shown["text"].splitlines()
    assert "Niemand erhält diese E-Mail." in shown["text"].splitlines()


async def test_nothing_is_mailed_about_an_ended_contract() -> None:
    contract = await rows.a_contract(email="werf@x.example", ended_at=await rows.now())
    administrator = await an_administrator(await Organisation.get(id=contract.organisation_id))
    shown = await preview(administrator, contract, "CONTRACT_AVAILABLE")
    assert (shown["level"], shown["addresses"]) == (None, [])
    assert shown["explanation"] == "De opdracht is beëindigd: daarover worden geen e-mails meer verstuurd."


async def test_a_theme_makes_no_difference_for_a_new_contract() -> None:
    contract, administrator = await a_contract_with_a_group()
    plain = await preview(administrator, contract, "CONTRACT_AVAILABLE")
    assert await preview(administrator, contract, "CONTRACT_AVAILABLE", "INVOICING") == plain


@pytest.mark.parametrize(
    ("trigger", "theme", "message"),
    [
        ("DOCUMENT_RECEIVED", None, "Dit moet worden ingevuld."),
        ("DOCUMENT_RECEIVED", "FACTUUR", "Er is geen thema met de code “FACTUUR”. Mogelijke codes: INVOICING."),
        ("MESSAGE_RECEIVED", "EXECUTION", "Het thema “Uitvoering” is niet in gebruik. Mogelijke thema's: Facturatie."),
        ("CONTRACT_AVAILABLE", "", "Er is geen thema met de code “”. Mogelijke codes: INVOICING."),
    ],
)
async def test_a_theme_that_is_missing_unknown_or_hidden_is_refused(
    trigger: str, theme: str | None, message: str
) -> None:
    contract, administrator = await a_contract_with_a_group()
    answer = await asked(administrator, contract, trigger, theme)
    assert answer.data["node"]["notificationPreview"] is None
    [error] = answer.errors
    assert (error["message"], error["extensions"]["code"]) == (f"`themeCode`: {message}", "BAD_INPUT")
    assert error["path"] == ["node", "notificationPreview"]


async def test_only_administrators_of_the_organisation_read_it() -> None:
    contract, administrator = await a_contract_with_a_group()
    organisation = await Organisation.get(id=contract.organisation_id)
    [link] = await GroupLink.filter(contract=contract).prefetch_related("group")
    user = await rows.a_person_with_right(organisation, Role.USER, email=None)
    await rows.a_membership(link.group, user)
    authority = machine(await Organisation.get(id=contract.contracting_authority_id))
    representative = await rows.a_mandate(organisation=organisation)

    for viewer in (person(user.user_id), authority):
        # Not even that the theme is missing.
        for theme in ("INVOICING", None):
            assert await preview(viewer, contract, "DOCUMENT_RECEIVED", theme) is None
    for viewer in (administrator, person(representative.user_id)):
        assert (await preview(viewer, contract, "DOCUMENT_RECEIVED", "INVOICING"))["level"] == "GROUP"
    outsider = await an_administrator(await rows.an_organisation())
    assert (await asked(outsider, contract, "CONTRACT_AVAILABLE")).data["node"] is None


async def test_it_keeps_nothing_and_asks_only() -> None:
    contract, administrator = await a_contract_with_a_group()
    for trigger in NotificationTrigger:
        answer = await asked(administrator, contract, trigger, "INVOICING")
        assert all(text.lstrip().lower().startswith(("select", "with")) for text in answer.statements)
    assert await Notification.all().count() == await Routing.all().count() == await Delivery.all().count() == 0
    assert await Document.all().count() == 0


MANY = """query($id: ID!) { node(id: $id) { ... on Organisation { contracts(first: 100) { edges { node {
  new: notificationPreview(trigger: CONTRACT_AVAILABLE) { html }
  document: notificationPreview(trigger: DOCUMENT_RECEIVED, themeCode: "INVOICING") { level text }
  message: notificationPreview(trigger: MESSAGE_RECEIVED) { addresses explanation } } } } } } }"""


async def test_many_previews_take_the_statements_of_one() -> None:
    organisation = await rows.an_organisation()
    administrator = await an_administrator(organisation)
    taken = []
    for contracts in (1, 7):
        for _ in range(contracts):
            contract = await rows.a_contract(organisation)
            for _ in range(contracts):
                email = f"g{rows.a_serial()}@x.example"
                group = await rows.a_group(organisation, email=email, levels={"INVOICING": DocumentLevel.READ})
                await rows.a_link(contract, group)
        answer = await execute_operation(administrator, MANY, id=global_id("Organisation", organisation.id))
        assert answer.errors == []
        taken.append(sorted(answer.statements))
    assert taken[0] == taken[1]


async def test_an_address_of_letters_of_its_own_is_shown_as_people_write_it() -> None:
    contract, administrator = await a_contract_with_a_group()
    key = global_id("Contract", contract.id)
    change = "mutation($input: UpdateContractInput!) { updateContract(input: $input) { errors { message } } }"
    given = {"id": key, "version": contract.version, "email": "zoë@xn--bcher-kva.example"}
    assert (await read(administrator, change, input=given))["updateContract"]["errors"] == []
    shown = await preview(administrator, contract, "MESSAGE_RECEIVED")
    assert shown["addresses"] == ["zoë@bücher.example"]
