"""The contents of letters: mails about access, to its holders and to access managers."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.models.access_right import Role
from domain.models.letter import LetterKind
from domain.models.user import Language
from mail_templates import ExpiringRight, LetterFacts, organisation_link, render, task_link
from tests.mail_templates.letter_examples import (
    ADDRESS_CHANGED,
    APPROVED,
    DIGEST,
    LETTERS,
    REJECTED,
    RIGHT_EXPIRES,
    TASK_OPENED,
)
from tests.mail_templates.page_reader import PageReader, assert_contains
from tests.mail_templates.test_hostile import ARABIC, ISOLATED, MALICIOUS

each_letter = pytest.mark.parametrize("facts", LETTERS.values(), ids=list(LETTERS))
in_every_language = pytest.mark.parametrize("language", list(Language))


def test_every_kind_has_an_example() -> None:
    assert list(LETTERS) == list(LetterKind)


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ((Role.USER,), "Welke opdrachten een gebruiker daar ziet, hangt af van de groepen waarvan die lid is."),
        ((Role.ADMINISTRATOR, Role.USER), "Welke opdrachten een gebruiker daar ziet, hangt af van de groepen"),
        ((Role.ADMINISTRATOR,), "Als beheerder kunt u daar alle opdrachten van deze organisatie raadplegen."),
    ],
)
def test_an_approval_tells_which_contracts_its_roles_open(roles: tuple[Role, ...], sentence: str) -> None:
    rendered = render(replace(APPROVED, roles=roles))
    others = {"Welke opdrachten", "Als beheerder"} - {" ".join(sentence.split()[:2])}
    for body in (rendered.text, rendered.html):
        assert sentence in body
        assert not any(other in body for other in others)


@each_letter
@in_every_language
def test_every_letter_contains_its_facts(facts: LetterFacts, language: Language) -> None:
    rendered = render(replace(facts, language=language))
    assert facts.organisation in rendered.subject
    expected = [facts.organisation, facts.person, facts.reason, *(ending.person for ending in facts.endings)]
    expected += [facts.helpdesk_address, facts.helpdesk_phone, facts.sender]
    assert_contains(rendered, facts.link, expected)


@pytest.mark.parametrize(
    ("facts", "subject", "lines"),
    [
        (
            RIGHT_EXPIRES,
            "Uw toegang tot e-Contracting voor Bouwwerken Janssens & Zonen nv loopt af op 31 december 2027",
            ["Rol: Gebruiker", "Laatste dag: 31 december 2027"],
        ),
        (
            DIGEST,
            "2 gebruikersrechten voor e-Contracting bij Bouwwerken Janssens & Zonen nv lopen binnenkort af",
            ["Sofie De Smet: 31 december 2027", "Bram Claes: 5 januari 2028"],
        ),
        (
            TASK_OPENED,
            "Nieuwe taak: Sofie De Smet vraagt toegang tot e-Contracting voor Bouwwerken Janssens & Zonen nv",
            ["Persoon: Sofie De Smet", "Rollen: Beheerder en Gebruiker"],
        ),
        (
            APPROVED,
            "Uw aanvraag voor toegang tot e-Contracting voor Bouwwerken Janssens & Zonen nv is goedgekeurd",
            ["Eerste dag: 1 maart 2027", "Laatste dag: 28 februari 2031", "Reden: Zelfregistratie"],
        ),
        (
            REJECTED,
            "Uw aanvraag voor toegang tot e-Contracting voor Bouwwerken Janssens & Zonen nv is afgewezen",
            ["Reden: U werkt niet meer bij ons."],
        ),
        (
            ADDRESS_CHANGED,
            "Uw e-mailadres bij Bouwwerken Janssens & Zonen nv in e-Contracting is gewijzigd",
            ["Persoon: Sofie De Smet"],
        ),
    ],
    ids=list(LETTERS),
)
def test_dutch(facts: LetterFacts, subject: str, lines: list[str]) -> None:
    rendered = render(facts)
    assert rendered.subject == subject
    assert [line for line in lines if line not in rendered.text.splitlines()] == []


def test_a_digest_of_one_right_and_of_more_than_it_lists() -> None:
    [ending, _] = DIGEST.endings
    one = render(replace(DIGEST, endings=(ending,)))
    assert one.subject == "1 gebruikersrecht voor e-Contracting bij Bouwwerken Janssens & Zonen nv loopt binnenkort af"
    more = render(replace(DIGEST, more=7))
    assert more.subject.startswith("9 gebruikersrechten ")
    assert " met toegang. Alleen de eerste 2 staan vermeld. Heeft iemand " in more.text


@pytest.mark.parametrize("facts", [APPROVED, REJECTED], ids=["approved", "rejected"])
def test_an_applicant_reads_why_this_address_gets_the_mail(facts: LetterFacts) -> None:
    organisation = "Bouwwerken Janssens & Zonen nv"
    applicant_reason = (
        f"omdat u dit e-mailadres hebt opgegeven toen u toegang tot e-Contracting voor {organisation} vroeg."
    )
    work_relation_reason = f"omdat dit uw e-mailadres bij {organisation} is in e-Contracting."
    for address_given in (True, False):
        rendered = render(replace(facts, address_given=address_given))
        for text in (rendered.text, " ".join(PageReader(rendered.html).text.split())):
            assert (applicant_reason in text, work_relation_reason in text) == (address_given, not address_given)


@each_letter
def test_a_fact_injects_no_markup_lines_or_headers(facts: LetterFacts) -> None:
    rendered, harmless = (render(_fill_with_text(facts, text)) for text in (MALICIOUS, "x"))
    assert len(rendered.subject.splitlines()) == 1
    assert len(rendered.text.splitlines()) == len(harmless.text.splitlines())
    assert not any(line.startswith("Bcc") for line in rendered.text.splitlines())
    assert PageReader(rendered.html).tags == PageReader(harmless.html).tags
    assert not set("\u202e\x00\u2028") & set(rendered.subject + rendered.text + rendered.html)


@each_letter
def test_right_to_left_text_is_isolated(facts: LetterFacts) -> None:
    rendered = render(_fill_with_text(facts, ARABIC))
    assert rendered.subject.count(ISOLATED) == rendered.subject.count(ARABIC) > 0
    assert rendered.text.count(ISOLATED) == rendered.text.count(ARABIC)
    assert rendered.html.count(f"<bdi>{ARABIC}</bdi>") == rendered.html.count(ARABIC)


def _fill_with_text(facts: LetterFacts, text: str) -> LetterFacts:
    """The facts with this text in place of each one that users enter."""
    fields: dict[str, Any] = {
        name: text for name in ("organisation", "person", "reason") if getattr(facts, name) is not None
    }
    return replace(facts, **fields, endings=tuple(ExpiringRight(text, date(2028, 1, 5)) for _ in facts.endings))


def test_links_contain_global_ids() -> None:
    assert organisation_link("https://x.example", 7) == "https://x.example/organisations/T3JnYW5pc2F0aW9uOjc%3D"
    assert task_link("https://x.example", 7) == "https://x.example/tasks/U2VsZlJlZ2lzdHJhdGlvblRhc2s6Nw%3D%3D"
