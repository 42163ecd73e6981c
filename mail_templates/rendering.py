"""Facts in, subject and both bodies out."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.models.user import Language
from mail_templates.days_and_lists import listed
from mail_templates.facts import MailFacts
from mail_templates.letter_facts import LetterFacts
from mail_templates.mould import Mould, Reading, named_places
from mail_templates.plain import isolated, isolated_markup
from wording import translations

_FOLDER: Final = Path(__file__).parent
# The rules about dark mode and phones can't be inlined; they stay in the head. Nothing is fetched from anywhere.
_INLINER: Final = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
SHAPES: Final = 512
"""How many shapes of mails are remembered, at some 10 KB each; a mail of another one takes a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's subject, on one line, and its two bodies."""

    language: Language
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Moulds:
    subject: Mould
    text: Mould
    html: Mould


def render(facts: MailFacts | LetterFacts) -> Rendered:
    """Writes out a mail in the language of its facts.

    Raises:
        jinja2.TemplateError: A template names what the facts don't hold.
    """
    reading = Reading(facts, facts.language)
    moulds = _moulds(facts.mail, facts.language, reading.shape)
    plain = [isolated(text) for text in reading.texts]
    return Rendered(
        language=facts.language,
        subject=moulds.subject.filled(plain),
        text=moulds.text.filled(plain),
        html=moulds.html.filled([isolated_markup(text) for text in reading.texts]),
    )


@lru_cache(maxsize=SHAPES)
def _moulds(mail: str, language: Language, shape: Hashable) -> _Moulds:
    places = named_places(shape) | {"language": language.lower()}

    def written(name: str, *, escaped: bool) -> str:
        return _environment(language, escaped=escaped).get_template(f"{mail}/{name}").render(places).strip()

    return _Moulds(
        subject=Mould.of(written("subject.txt", escaped=False)),
        text=Mould.of(written("body.txt", escaped=False) + "\n"),
        html=Mould.of(_INLINER.inline(written("body.html", escaped=True)) + "\n"),
    )


@lru_cache
def _environment(language: Language, *, escaped: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=escaped,  # noqa: S701  # plain text is no markup; every .html is rendered with it on
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters["listed"] = partial(listed, language=language)
    environment.install_gettext_translations(  # type: ignore[attr-defined]  # the extension adds it
        translations(language.lower()), newstyle=True
    )
    return environment
