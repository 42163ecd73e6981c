"""The preview of a mail (manual 4 and 5) equals the mail that would be sent, and is for administrators."""

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
from tests.domain.routing_world import RandomOrganisation
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


async def execute_preview(
    actor: Actor, contract: Contract, trigger: str, theme: str | None = None, language: str = "nl"
) -> OperationResult:
    """Executes a preview."""
    contract_id = global_id("Contract", contract.id)
    return await execute_operation(actor, PREVIEW, language=language, id=contract_id, trigger=trigger, theme=theme)


async def preview(
    actor: Actor, contract: Contract, trigger: str, theme: str | None = None, language: str = "nl"
) -> Any:
    """The preview; None if the viewer may not read it."""
    result = await execute_preview(actor, contract, trigger, theme, language)
    assert result.errors == []
    return result.data["node"]["notificationPreview"]


async def an_administrator(organisation: Organisation) -> Actor:
    """An administrator without an address, so that no mail is sent to them."""
    relation = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email=None)
    return person(relation.user_id)


async def theme_of(notification: Notification) -> str | None:
    [event] = await database().execute_query_dict(SELECT_EVENT, [notification.id])
    return (await Theme.get(id=event["theme_id"])).code if event["theme_id"] else None


async def preview_of_sent_mail(notification: Notification, language: str) -> dict[str, Any]:
    """A routed notification as a preview shows it, with examples in place of the real document, message or action."""
    await Notification.filter(id=notification.id).update(released_by_id=None)
    await route_notification(notification.id, attempt=0, message_domain="mail.example")
    routing = await Routing.get(notification=notification)
    deliveries = await Delivery.filter(routing=routing).order_by("id")
    expected = {
        "level": routing.level,
        "addresses": [delivery.address for delivery in deliveries],
        "explanation": explanation(language, routing.level, routing.explanation),
    }
    if not deliveries:
        return expected
    facts = (await read_notification_mails([deliveries[0].id], settings()))[deliveries[0].id].facts
    document, message, action = EXAMPLES[facts.language]
    examples = {"document_title": document, "message_subject": message, "action_title": action}
    assert isinstance(facts, NotificationFacts)
    replacements: dict[str, Any] = {name: text for name, text in examples.items() if getattr(facts, name)}
    # A preview has no document to link to, so it links to the contract.
    contract = contract_link(settings().public_url, notification.contract_id)
    mail = render(replace(facts, link=contract, **replacements))
    return expected | {"subject": mail.subject, "text": mail.text, "html": mail.html}


async def test_a_preview_equals_the_mail_that_is_sent() -> None:
    await Theme.all().update(visible=True)
    levels, languages = set(), set()
    for seed in range(12):
        notifications = await (world := RandomOrganisation(seed)).populate()
        language = LANGUAGES[seed % len(LANGUAGES)]
        administrator = await an_administrator(world.organisation)
        for notification in notifications:
            contract = await Contract.get(id=notification.contract_id)
            theme = await theme_of(notification)
            previewed = await preview(administrator, contract, notification.trigger, theme, language)
            expected = await preview_of_sent_mail(notification, language)
            assert {name: previewed[name] for name in expected} == expected, (seed, notification.trigger)
            levels.add(expected["level"])
            languages |= {name for name in LANGUAGES if f'<html lang="{name}"' in previewed["html"]}
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


async def test_a_preview_has_level_addresses_explanation_and_mail() -> None:
    contract, administrator = await a_contract_with_a_group()
    previewed = await preview(administrator, contract, "DOCUMENT_RECEIVED", "INVOICING", language="fr")
    assert (previewed["level"], previewed["addresses"]) == ("GROUP", ["f@x.example"])
    assert previewed["explanation"] == (
        "Le marché n'a pas d'adresse e-mail. Des groupes liés disposant des droits requis ont une adresse e-mail."
    )
    assert previewed["subject"] == "Nieuw dossierstuk ontvangen voor opdracht MOW/42"
    assert "Dossierstuk: Voorbeeld van een dossierstuk" in previewed["text"].splitlines()
    assert "Thema: Facturatie" in previewed["text"].splitlines()
    assert "het e-mailadres is van de groep Facturatie" in previewed["text"]
    assert '<html lang="nl"' in previewed["html"]


async def test_without_an_address_the_mail_is_in_the_language_of_the_request_and_says_so() -> None:
    contract = await rows.a_contract()
    administrator = await an_administrator(await Organisation.get(id=contract.organisation_id))
    previewed = await preview(administrator, contract, "MESSAGE_RECEIVED", language="de")
    assert (previewed["level"], previewed["addresses"]) == (None, [])
    assert previewed["explanation"].endswith("Daher wird keine E-Mail versandt.")
    assert "Nachricht: Beispiel für eine Nachricht" in previewed["text"].splitlines()
    assert "Niemand erhält diese E-Mail." in previewed["text"].splitlines()


async def test_a_preview_of_an_ended_contract_has_no_level() -> None:
    contract = await rows.a_contract(email="werf@x.example", ended_at=await rows.now())
    administrator = await an_administrator(await Organisation.get(id=contract.organisation_id))
    previewed = await preview(administrator, contract, "CONTRACT_AVAILABLE")
    assert (previewed["level"], previewed["addresses"]) == (None, [])
    assert previewed["explanation"] == "De opdracht is beëindigd: daarover worden geen e-mails meer verstuurd."


async def test_the_theme_is_ignored_for_a_new_contract() -> None:
    contract, administrator = await a_contract_with_a_group()
    without_theme = await preview(administrator, contract, "CONTRACT_AVAILABLE")
    assert await preview(administrator, contract, "CONTRACT_AVAILABLE", "INVOICING") == without_theme


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
    result = await execute_preview(administrator, contract, trigger, theme)
    assert result.data["node"]["notificationPreview"] is None
    [error] = result.errors
    assert (error["message"], error["extensions"]["code"]) == (f"`themeCode`: {message}", "BAD_INPUT")
    assert error["path"] == ["node", "notificationPreview"]


async def test_only_administrators_of_the_organisation_read_the_preview() -> None:
    contract, administrator = await a_contract_with_a_group()
    organisation = await Organisation.get(id=contract.organisation_id)
    [link] = await GroupLink.filter(contract=contract).prefetch_related("group")
    user = await rows.a_person_with_right(organisation, Role.USER, email=None)
    await rows.a_membership(link.group, user)
    authority = machine(await Organisation.get(id=contract.contracting_authority_id))
    representative = await rows.a_mandate(organisation=organisation)

    for viewer in (person(user.user_id), authority):
        # Nor are they told that the theme is missing.
        for theme in ("INVOICING", None):
            assert await preview(viewer, contract, "DOCUMENT_RECEIVED", theme) is None
    for viewer in (administrator, person(representative.user_id)):
        assert (await preview(viewer, contract, "DOCUMENT_RECEIVED", "INVOICING"))["level"] == "GROUP"
    outsider = await an_administrator(await rows.an_organisation())
    assert (await execute_preview(outsider, contract, "CONTRACT_AVAILABLE")).data["node"] is None


async def test_a_preview_only_reads_and_stores_nothing() -> None:
    contract, administrator = await a_contract_with_a_group()
    for trigger in NotificationTrigger:
        result = await execute_preview(administrator, contract, trigger, "INVOICING")
        assert all(statement.lstrip().lower().startswith(("select", "with")) for statement in result.statements)
    assert await Notification.all().count() == await Routing.all().count() == await Delivery.all().count() == 0
    assert await Document.all().count() == 0


MANY = """query($id: ID!) { node(id: $id) { ... on Organisation { contracts(first: 100) { edges { node {
  new: notificationPreview(trigger: CONTRACT_AVAILABLE) { html }
  document: notificationPreview(trigger: DOCUMENT_RECEIVED, themeCode: "INVOICING") { level text }
  message: notificationPreview(trigger: MESSAGE_RECEIVED) { addresses explanation } } } } } } }"""


async def test_many_previews_take_as_many_statements_as_one() -> None:
    organisation = await rows.an_organisation()
    administrator = await an_administrator(organisation)
    statements = []
    for count in (1, 7):
        for _ in range(count):
            contract = await rows.a_contract(organisation)
            for _ in range(count):
                email = f"g{rows.a_serial()}@x.example"
                group = await rows.a_group(organisation, email=email, levels={"INVOICING": DocumentLevel.READ})
                await rows.a_link(contract, group)
        result = await execute_operation(administrator, MANY, id=global_id("Organisation", organisation.id))
        assert result.errors == []
        statements.append(sorted(result.statements))
    assert statements[0] == statements[1]


async def test_an_internationalised_address_is_shown_in_unicode() -> None:
    contract, administrator = await a_contract_with_a_group()
    contract_id = global_id("Contract", contract.id)
    document = "mutation($input: UpdateContractInput!) { updateContract(input: $input) { errors { message } } }"
    mutation_input = {"id": contract_id, "version": contract.version, "email": "zoë@xn--bcher-kva.example"}
    assert (await read(administrator, document, input=mutation_input))["updateContract"]["errors"] == []
    previewed = await preview(administrator, contract, "MESSAGE_RECEIVED")
    assert previewed["addresses"] == ["zoë@bücher.example"]
