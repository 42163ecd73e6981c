"""What the mails look like (manual 5). `REFRESH_GOLDEN=1 make test TESTS=tests/mail_templates` writes them anew."""

import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from domain.models.notification import NotificationLevel, NotificationTrigger
from domain.models.user import Language
from mail_templates import MailFacts, Rendered, contract_link, render
from mail_templates.rendering import _environment, one_line
from tests.mail_templates.some_facts import ACTION, AVAILABLE, DOCUMENT, EVERY, MESSAGE

GOLDEN = Path(__file__).parent / "golden"


class Reader(HTMLParser):
    """The visible words of a page, its links and its tags in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if tag == "a" and name == "href"]
        if tag == "html":
            self.attributes = dict(attrs)

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.words += data.split()


@pytest.mark.parametrize("trigger", list(NotificationTrigger))
@pytest.mark.parametrize("part", ["subject.txt", "body.txt", "body.html"])
def test_the_mails_are_as_they_were_agreed(trigger: NotificationTrigger, part: str) -> None:
    rendered = render(EVERY[trigger])
    said = {"subject.txt": rendered.subject + "\n", "body.txt": rendered.text, "body.html": rendered.html + "\n"}[part]
    kept = GOLDEN / trigger.lower() / part
    if os.environ.get("REFRESH_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(said)
    assert said == kept.read_text()


@pytest.mark.parametrize("facts", EVERY.values(), ids=list(EVERY))
def test_every_mail_says_what_the_manual_asks(facts: MailFacts) -> None:
    rendered = render(facts)
    assert facts.contract_number in rendered.subject
    first_sentence = rendered.text.split("\n", maxsplit=1)[0]
    assert facts.authority in first_sentence
    asked = [facts.contract_number, facts.contract_title, facts.own_reference, facts.document_title]
    asked += [facts.message_subject, facts.action_title, *facts.groups]
    asked += [facts.link, "e-contracting@vlaanderen.be", "1700", "Departement Mobiliteit en Openbare Werken"]
    asked += ["Facturatie"] if facts.theme_names else []
    page = Reader(rendered.html)
    for fact in filter(None, asked):
        assert fact in rendered.text
        assert fact in " ".join([*page.words, *page.links])
    assert "None" not in rendered.text + rendered.html


@pytest.mark.parametrize(
    ("level", "groups", "why"),
    [
        (NotificationLevel.CONTRACT, (), "omdat dit e-mailadres bij deze opdracht is ingevuld"),
        (NotificationLevel.GROUP, ("A",), "het e-mailadres is van de groep A, die aan deze opdracht is gekoppeld"),
        (NotificationLevel.GROUP, ("A", "B"), "het e-mailadres is van de groepen A, B, die"),
        (NotificationLevel.ORGANISATION, (), "het e-mailadres is van Bouwwerken Janssens & Zonen nv in e-Contracting"),
        (NotificationLevel.USER, ("A",), "lid bent van de groep A"),
        (NotificationLevel.USER, ("A", "B"), "lid bent van de groepen A, B"),
        (NotificationLevel.ADMINISTRATOR, (), "omdat u beheerder van Bouwwerken Janssens & Zonen nv bent"),
    ],
)
def test_why_the_address_gets_it(level: NotificationLevel, groups: tuple[str, ...], why: str) -> None:
    rendered = render(replace(DOCUMENT, level=level, groups=groups))
    assert why in rendered.text
    assert why in " ".join(Reader(rendered.html).words)


def test_the_page_is_quiet_and_can_be_read_by_anyone() -> None:
    page = Reader(render(DOCUMENT).html)
    assert page.attributes["lang"] == "nl"
    assert not {"img", "script", "iframe", "form", "link"} & set(page.tags)
    assert page.tags.count("h1") == 1
    html = render(DOCUMENT).html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "width=device-width" in html
    assert not re.search(r"url\(|@import|src=", html)


EVIL = 'Werf"><script>alert(1)</script>\r\nBcc: iedereen@kwaad.example\r\n\r\n<b>{{ 7*7 }}</b>\u202e\x00\u2028einde'


def evil(facts: MailFacts) -> Rendered:
    return render(
        replace(
            facts,
            authority=EVIL,
            organisation=EVIL,
            contract_number=EVIL,
            contract_title=EVIL,
            own_reference=EVIL,
            document_title=EVIL,
            theme_names=dict.fromkeys(Language, EVIL),
            message_subject=EVIL,
            action_title=EVIL,
            groups=(EVIL,),
        )
    )


@pytest.mark.parametrize("facts", EVERY.values(), ids=list(EVERY))
def test_no_fact_can_leave_its_place(facts: MailFacts) -> None:
    rendered = evil(facts)
    assert len(rendered.subject.splitlines()) == 1
    harmless = render(replace(facts, own_reference="x", document_title="x", message_subject="x", action_title="x",
                              theme_names=dict.fromkeys(Language, "x")))  # fmt: skip
    assert len(rendered.text.splitlines()) == len(harmless.text.splitlines())
    assert not any(line.startswith("Bcc") for line in rendered.text.splitlines())
    assert Reader(rendered.html).tags == Reader(harmless.html).tags
    assert "49" not in rendered.text + rendered.html
    assert "\u202e" not in rendered.text + rendered.html
    assert "\x00" not in rendered.text + rendered.html


def test_one_line() -> None:
    assert one_line(" a\r\n\tb\x0b\u2029c  d\u200f\u2066e ") == "a b c de"


def test_a_template_that_names_what_is_not_there_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        _environment(Language.NL, escaped=False).from_string("{{ nowhere }}").render()


@pytest.mark.parametrize(
    ("asked", "written", "subject"),
    [
        (Language.NL, Language.NL, "Nieuw dossierstuk ontvangen voor opdracht MOW/AWV/2026/0042"),
        (Language.EN, Language.EN, "New document received for contract MOW/AWV/2026/0042"),
    ],
)
def test_the_language_asked_for(asked: Language, written: Language, subject: str) -> None:
    rendered = render(replace(DOCUMENT, language=asked))
    assert (rendered.language, rendered.subject) == (written, subject)
    assert Reader(rendered.html).attributes["lang"] == written.lower()
    assert {Language.NL: "Facturatie", Language.EN: "Invoicing"}[asked] in rendered.text


@pytest.mark.parametrize("language", list(Language))
def test_no_mail_mixes_languages(language: Language) -> None:
    for facts in (AVAILABLE, DOCUMENT, MESSAGE, ACTION):
        rendered = render(replace(facts, language=language))
        english = "contract" in rendered.text.replace("e-contracting", "").replace("contracts/", "").lower().split()
        assert english == (rendered.language is Language.EN)


def test_the_link_leads_to_the_contract_by_its_global_id() -> None:
    assert contract_link("https://x.example/", 7) == "https://x.example/contracts/Q29udHJhY3Q6Nw%3D%3D"
