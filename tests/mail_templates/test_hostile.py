"""Malicious and unusual texts in facts."""

from dataclasses import replace
from typing import Any

import pytest

from domain.models.user import Language
from mail_templates import NotificationFacts, RenderedMail, render
from tests.mail_templates.notification_examples import DOCUMENT, NOTIFICATIONS
from tests.mail_templates.page_reader import PageReader

each_notification = pytest.mark.parametrize("facts", NOTIFICATIONS.values(), ids=list(NOTIFICATIONS))

MALICIOUS = (
    'Werf"><script>alert(1)</script>\r\nBcc: iedereen@kwaad.example\r\n\r\n<b>{{ 7*7 }}</b>\u202e\x00\u2028einde'
)
ARABIC = "شركة البناء"
ISOLATED = f"\u2068{ARABIC}\u2069"


def fill_with_text(text: str, facts: NotificationFacts) -> RenderedMail:
    """The mail with this text in place of each fact that users enter."""
    fields: dict[str, Any] = {
        name: text
        for name in ("contract_number", "contract_title", "authority", "organisation", "own_reference",
                     "document_title", "message_subject", "action_title")
        if getattr(facts, name)
    }  # fmt: skip
    fields["groups"] = tuple(text for _ in facts.groups)
    fields["theme"] = facts.theme and dict.fromkeys(Language, text)
    return render(replace(facts, **fields))


@each_notification
def test_a_fact_injects_no_markup_lines_or_headers(facts: NotificationFacts) -> None:
    rendered, harmless = fill_with_text(MALICIOUS, facts), fill_with_text("x", facts)
    assert len(rendered.subject.splitlines()) == 1
    assert len(rendered.text.splitlines()) == len(harmless.text.splitlines())
    assert not any(line.startswith("Bcc") for line in rendered.text.splitlines())
    assert PageReader(rendered.html).tags == PageReader(harmless.html).tags
    assert "{{ 7*7 }}" in rendered.text
    assert not set("\u202e\x00\u2028") & set(rendered.subject + rendered.text + rendered.html)


def test_placeholders_in_a_fact_are_left_as_they_are() -> None:
    rendered = fill_with_text("\ue0000\ue001 %(authority)s {0}", DOCUMENT)
    assert "Dossierstuk: \ue0000\ue001 %(authority)s {0}" in rendered.text.splitlines()


@each_notification
def test_right_to_left_text_is_isolated(facts: NotificationFacts) -> None:
    rendered = fill_with_text(ARABIC, facts)
    assert rendered.subject.count(ISOLATED) == rendered.subject.count(ARABIC) == 1
    assert rendered.text.count(ISOLATED) == rendered.text.count(ARABIC)
    assert rendered.html.count(f"<bdi>{ARABIC}</bdi>") == rendered.html.count(ARABIC)


@pytest.mark.parametrize("title", [f"{ARABIC}\u2069\u2069 x", f"\u2067{ARABIC}", f"{ARABIC}\u202c"])
def test_direction_controls_do_not_leave_the_isolation(title: str) -> None:
    rendered = render(replace(DOCUMENT, contract_title=title))
    assert rendered.text.count("\u2068") == rendered.text.count("\u2069") == 1
    assert not set("\u2067\u202c") & set(rendered.text + rendered.html)


@pytest.mark.parametrize("name", ['Ó\'Brien & "Zonen" <nv>', "👷🏽\u200d♀️ Wegenwerken", "N\u0303andú «x»"])
def test_names_are_shown_as_they_are(name: str) -> None:
    rendered = fill_with_text(name, DOCUMENT)
    assert f"Opdracht: {name}" in rendered.text.splitlines()
    assert name in PageReader(rendered.html).text
    assert rendered.subject == f"Nieuw dossierstuk ontvangen voor opdracht {name}"


def test_a_very_long_title_is_shown_whole() -> None:
    title = "Onderhoudswerken" * 125
    rendered = render(replace(DOCUMENT, contract_title=title, document_title=title))
    assert f"Opdracht: {title}" in rendered.text.splitlines()
    assert title in PageReader(rendered.html).text
