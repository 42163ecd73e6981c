"""What the letters say: mails about access, to those who have it and to those who manage it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.models.access_right import Role
from domain.models.letter import LetterKind
from domain.models.user import Language
from mail_templates import ExpiringRight, LetterFacts, organisation_link, render, task_link
from tests.mail_templates.letter_examples import APPROVED, CHANGED, DIGEST, EXPIRES, LETTERS, OPENED, REJECTED
from tests.mail_templates.page_reader import Reader, assert_says
from tests.mail_templates.test_hostile import ARABIC, EVIL, ISOLATED

of_every_kind = pytest.mark.parametrize("facts", LETTERS.values(), ids=list(LETTERS))
in_every_language = pytest.mark.parametrize("language", list(Language))


def test_every_kind_is_tried() -> None:
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


@of_every_kind
@in_every_language
def test_every_letter_says_what_it_knows(facts: LetterFacts, language: Language) -> None:
    rendered = render(replace(facts, language=language))
    assert facts.organisation in rendered.subject
    asked = [facts.organisation, facts.person, facts.reason, *(ending.person for ending in facts.endings)]
    asked += [facts.helpdesk_address, facts.helpdesk_phone, facts.sender]
    assert_says(rendered, facts.link, asked)


@pytest.mark.parametrize(
    ("facts", "subject", "lines"),
    [
        (
            EXPIRES,
            "Uw toegang tot e-Contracting voor Bouwwerken Janssens & Zonen nv loopt af op 31 december 2027",
            ["Rol: Gebruiker", "Laatste dag: 31 december 2027"],
        ),
        (
            DIGEST,
            "2 gebruikersrechten voor e-Contracting bij Bouwwerken Janssens & Zonen nv lopen binnenkort af",
            ["Sofie De Smet: 31 december 2027", "Bram Claes: 5 januari 2028"],
        ),
        (
            OPENED,
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
            CHANGED,
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


def test_a_digest_of_one_and_one_that_lists_only_the_first() -> None:
    [ending, _] = DIGEST.endings
    one = render(replace(DIGEST, endings=(ending,)))
    assert one.subject == "1 gebruikersrecht voor e-Contracting bij Bouwwerken Janssens & Zonen nv loopt binnenkort af"
    more = render(replace(DIGEST, more=7))
    assert more.subject.startswith("9 gebruikersrechten ")
    assert " met toegang. Alleen de eerste 2 staan vermeld. Heeft iemand " in more.text


@pytest.mark.parametrize("facts", [APPROVED, REJECTED], ids=["approved", "rejected"])
def test_an_applicant_reads_why_this_address_gets_it(facts: LetterFacts) -> None:
    here = "Bouwwerken Janssens & Zonen nv"
    asked = f"omdat u dit e-mailadres hebt opgegeven toen u toegang tot e-Contracting voor {here} vroeg."
    at_work = f"omdat dit uw e-mailadres bij {here} is in e-Contracting."
    for given in (True, False):
        rendered = render(replace(facts, address_given=given))
        for text in (rendered.text, " ".join(Reader(rendered.html).text.split())):
            assert (asked in text, at_work in text) == (given, not given)


@of_every_kind
def test_no_fact_can_leave_its_place(facts: LetterFacts) -> None:
    rendered, harmless = (render(_filled(facts, text)) for text in (EVIL, "x"))
    assert len(rendered.subject.splitlines()) == 1
    assert len(rendered.text.splitlines()) == len(harmless.text.splitlines())
    assert not any(line.startswith("Bcc") for line in rendered.text.splitlines())
    assert Reader(rendered.html).tags == Reader(harmless.html).tags
    assert not set("\u202e\x00\u2028") & set(rendered.subject + rendered.text + rendered.html)


@of_every_kind
def test_what_runs_from_right_to_left_leaves_the_words_around_it_in_place(facts: LetterFacts) -> None:
    rendered = render(_filled(facts, ARABIC))
    assert rendered.subject.count(ISOLATED) == rendered.subject.count(ARABIC) > 0
    assert rendered.text.count(ISOLATED) == rendered.text.count(ARABIC)
    assert rendered.html.count(f"<bdi>{ARABIC}</bdi>") == rendered.html.count(ARABIC)


def _filled(facts: LetterFacts, text: str) -> LetterFacts:
    """The facts whose every text that somebody else fills in is this one, if it is there."""
    given: dict[str, Any] = {
        name: text for name in ("organisation", "person", "reason") if getattr(facts, name) is not None
    }
    return replace(facts, **given, endings=tuple(ExpiringRight(text, date(2028, 1, 5)) for _ in facts.endings))


def test_where_the_links_lead() -> None:
    assert organisation_link("https://x.example", 7) == "https://x.example/organisations/T3JnYW5pc2F0aW9uOjc%3D"
    assert task_link("https://x.example", 7) == "https://x.example/tasks/U2VsZlJlZ2lzdHJhdGlvblRhc2s6Nw%3D%3D"
