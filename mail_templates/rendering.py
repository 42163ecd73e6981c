"""Renders a mail's facts to its subject and its two bodies."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.models.user import Language
from mail_templates.formatting import format_names
from mail_templates.letter_facts import LetterFacts
from mail_templates.notification_facts import NotificationFacts
from mail_templates.prerendered import FlattenedFacts, PrerenderedText, with_placeholders
from mail_templates.sanitising import isolate_markup, isolate_text
from wording import translations

_FOLDER: Final = Path(__file__).parent
# The rules for dark mode and phones can't be inlined, so they stay in the head. No remote stylesheet is loaded.
_INLINER: Final = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
CACHE_SIZE: Final = 512
"""The number of shapes whose prerendered mails are cached, at some 10 KB each; a miss takes a few milliseconds."""


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A mail's subject, on one line, and its two bodies."""

    language: Language
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _PrerenderedMail:
    subject: PrerenderedText
    text: PrerenderedText
    html: PrerenderedText


def render(facts: NotificationFacts | LetterFacts) -> RenderedMail:
    """Renders a mail in the language of its facts.

    Raises:
        jinja2.TemplateError: A template uses a fact that doesn't exist.
    """
    flattened = FlattenedFacts(facts, facts.language)
    prerendered = _prerender(facts.mail, facts.language, flattened.shape)
    plain = [isolate_text(text) for text in flattened.texts]
    return RenderedMail(
        language=facts.language,
        subject=prerendered.subject.fill(plain),
        text=prerendered.text.fill(plain),
        html=prerendered.html.fill([isolate_markup(text) for text in flattened.texts]),
    )


@lru_cache(maxsize=CACHE_SIZE)
def _prerender(mail: str, language: Language, shape: Hashable) -> _PrerenderedMail:
    context = with_placeholders(shape) | {"language": language.lower()}

    def render_template(name: str, *, escaped: bool) -> str:
        return _environment(language, escaped=escaped).get_template(f"{mail}/{name}").render(context).strip()

    return _PrerenderedMail(
        subject=PrerenderedText.parse(render_template("subject.txt", escaped=False)),
        text=PrerenderedText.parse(render_template("body.txt", escaped=False) + "\n"),
        html=PrerenderedText.parse(_INLINER.inline(render_template("body.html", escaped=True)) + "\n"),
    )


@lru_cache
def _environment(language: Language, *, escaped: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=escaped,  # noqa: S701  # off for plain text only
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters["format_names"] = partial(format_names, language=language)
    environment.install_gettext_translations(  # type: ignore[attr-defined]  # the extension adds it
        translations(language.lower()), newstyle=True
    )
    return environment
