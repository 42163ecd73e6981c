"""The contents of mails (manual 5)."""

from dataclasses import replace

import pytest
from jinja2 import UndefinedError

from domain.models.notification import NotificationLevel
from domain.models.user import Language
from mail_templates import NotificationFacts, contract_link, render
from mail_templates.rendering import _environment
from tests.mail_templates.notification_examples import AVAILABLE, DOCUMENT, NOTIFICATIONS
from tests.mail_templates.page_reader import PageReader, assert_contains

each_notification = pytest.mark.parametrize("facts", NOTIFICATIONS.values(), ids=list(NOTIFICATIONS))
in_every_language = pytest.mark.parametrize("language", list(Language))


@each_notification
@in_every_language
def test_every_mail_contains_what_the_manual_requires(facts: NotificationFacts, language: Language) -> None:
    rendered = render(replace(facts, language=language))
    assert facts.contract_number in rendered.subject
    assert facts.authority in rendered.text.splitlines()[0]
    expected = [facts.contract_number, facts.contract_title, facts.own_reference, facts.document_title]
    expected += [
        facts.message_subject,
        facts.action_title,
        *facts.groups,
        facts.theme[language] if facts.theme else None,
    ]
    expected += [facts.helpdesk_address, facts.helpdesk_phone, facts.sender]
    assert_contains(rendered, facts.link, expected)


@pytest.mark.parametrize(
    ("level", "groups", "why"),
    [
        (NotificationLevel.CONTRACT, (), "omdat dit e-mailadres bij deze opdracht is ingevuld"),
        (NotificationLevel.GROUP, ("A",), "het e-mailadres is van de groep A, die aan deze opdracht is gekoppeld"),
        (NotificationLevel.GROUP, ("A", "B & C", "D"), "het e-mailadres is van de groepen A, B & C en D, die"),
        (NotificationLevel.ORGANISATION, (), "het e-mailadres is van Bouwwerken Janssens & Zonen nv in e-Contracting"),
        (NotificationLevel.USER, ("A",), "lid bent van de groep A"),
        (NotificationLevel.USER, ("A", "B"), "lid bent van de groepen A en B"),
        (NotificationLevel.ADMINISTRATOR, (), "omdat u beheerder van Bouwwerken Janssens & Zonen nv bent"),
    ],
)
def test_a_mail_explains_why_the_address_gets_it(level: NotificationLevel, groups: tuple[str, ...], why: str) -> None:
    rendered = render(replace(DOCUMENT, level=level, groups=groups))
    assert why in rendered.text
    assert why in PageReader(rendered.html).text


ADMINISTRATOR = (
    "You receive this e-mail because you are an administrator of Bouwwerken Janssens & Zonen nv in e-Contracting"
)


@pytest.mark.parametrize(
    ("facts", "after", "why"),
    [
        (DOCUMENT, None, f"{ADMINISTRATOR} and no other address is filled in for this notification."),
        (AVAILABLE, None, f"{ADMINISTRATOR} and no e-mail address is filled in for this organisation."),
        (
            DOCUMENT,
            NotificationLevel.GROUP,
            f"{ADMINISTRATOR}. It could not be delivered to any address of the linked groups with the required rights.",
        ),
        (
            AVAILABLE,
            NotificationLevel.ORGANISATION,
            f"{ADMINISTRATOR}. It could not be delivered to the address of Bouwwerken Janssens & Zonen nv.",
        ),
        (
            DOCUMENT,
            NotificationLevel.USER,
            f"{ADMINISTRATOR}. It could not be delivered to any member of the linked groups.",
        ),
    ],
)
def test_an_administrator_reads_why_no_other_address_got_it(
    facts: NotificationFacts, after: NotificationLevel | None, why: str
) -> None:
    mail_facts = replace(facts, language=Language.EN, level=NotificationLevel.ADMINISTRATOR, groups=(), after=after)
    rendered = render(mail_facts)
    assert why in rendered.text.splitlines()
    assert why in PageReader(rendered.html).text


def test_a_second_routing_is_explained() -> None:
    mail_facts = replace(DOCUMENT, level=NotificationLevel.USER, groups=("A",), after=NotificationLevel.ORGANISATION)
    assert (
        "lid bent van de groep A, die aan deze opdracht is gekoppeld. De notificatie kon niet worden bezorgd op het"
        " e-mailadres van Bouwwerken Janssens & Zonen nv.\n" in render(mail_facts).text
    )


@pytest.mark.parametrize(
    ("language", "subject", "theme", "first_words"),
    [
        (Language.NL, "Nieuw dossierstuk ontvangen voor opdracht MOW/1", "Thema: Facturatie", "AWV heeft een nieuw"),
        (Language.FR, "Nouveau document reçu pour le marché MOW/1", "Thème\xa0: Facturation", "AWV a transmis un"),
        (Language.EN, "New document received for contract MOW/1", "Theme: Invoicing", "AWV has delivered a new"),
        (Language.DE, "Neues Dokument zum Auftrag MOW/1 eingegangen", "Thema: Rechnungsstellung", "AWV hat ein neues"),
    ],
)
def test_a_mail_is_in_its_language(language: Language, subject: str, theme: str, first_words: str) -> None:
    rendered = render(replace(DOCUMENT, language=language, contract_number="MOW/1", authority="AWV"))
    assert (rendered.language, rendered.subject) == (language, subject)
    assert theme in rendered.text.splitlines()
    assert rendered.text.startswith(first_words)


def test_mails_of_the_same_shape_contain_their_own_facts() -> None:
    first, second = render(DOCUMENT), render(replace(DOCUMENT, document_title="Meetstaat", groups=("X", "Y")))
    assert second.text == first.text.replace("Goedgekeurde vorderingsstaat 3", "Meetstaat").replace(
        "Facturatie en Werfleiding West", "X en Y"
    )


def test_an_undefined_name_in_a_template_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        _environment(Language.NL, escaped=False).from_string("{{ nowhere }}").render()


def test_the_link_contains_the_contracts_global_id() -> None:
    assert contract_link("https://x.example", 7) == "https://x.example/contracts/Q29udHJhY3Q6Nw%3D%3D"


@pytest.mark.parametrize(
    ("event", "parameter"),
    [
        ({"document_id": 8}, "document=RG9jdW1lbnQ6OA%3D%3D"),
        ({"document_id": 8, "message_id": 9}, "message=TWVzc2FnZTo5"),
        ({"document_id": None, "message_id": 9}, "message=TWVzc2FnZTo5"),
        ({"document_id": 8, "action_id": 10}, "action=QWN0aW9uOjEw"),
    ],
)
def test_the_link_names_the_object_of_the_event(event: dict[str, int | None], parameter: str) -> None:
    contract = "https://x.example/contracts/Q29udHJhY3Q6Nw%3D%3D"
    assert contract_link("https://x.example", 7, **event) == f"{contract}?{parameter}"
