"""Facts in, subject and both bodies out."""

import unicodedata
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.models.user import Language
from mail_templates.facts import MailFacts
from wording import DEFAULT, translations

_FOLDER: Final = Path(__file__).parent
# The rules about dark mode can't be inlined; they stay in the head. Nothing is fetched from anywhere.
_INLINER: Final = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing, with which a title could make an address look like another."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's subject, on one line, and its two bodies."""

    language: Language
    subject: str
    text: str
    html: str


def render(facts: MailFacts) -> Rendered:
    """Writes out a mail.

    It is written in the language of the facts where there is a catalogue of it, and in Dutch otherwise.

    Raises:
        jinja2.TemplateError: A template names what the facts don't hold.
    """
    language = _written(facts.language)
    given = _one_line(asdict(facts)) | {
        "language": language.lower(),
        "theme": one_line(facts.theme_names[language]) if facts.theme_names else None,
    }
    folder = facts.trigger.lower()

    def written(name: str, *, escaped: bool) -> str:
        return _environment(language, escaped=escaped).get_template(f"{folder}/{name}").render(given)

    return Rendered(
        language=language,
        subject=one_line(written("subject.txt", escaped=False)),
        text=written("body.txt", escaped=False).strip() + "\n",
        html=_INLINER.inline(written("body.html", escaped=True)),
    )


def one_line(text: str) -> str:
    """The text without line breaks and other control characters, so that a fact stays inside its place."""
    kept = (" " if unicodedata.category(sign) == "Cc" else sign for sign in text if sign not in _TURNING)
    return " ".join("".join(kept).split())


def _one_line(value: Any) -> Any:
    match value:
        case str():
            return one_line(value)
        case dict():
            return {name: _one_line(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_one_line(inner) for inner in value]
        case _:
            return value


@lru_cache
def _written(language: Language) -> Language:
    """The language itself, if the mails are translated into it."""
    # The templates themselves are in English.
    if language is Language.EN or translations(language.lower()).gettext(_PROBE) != _PROBE:
        return language
    return Language(DEFAULT.upper())


_PROBE: Final = "Questions about e-Contracting?"
"""A text of every mail: a language that has it has its catalogue."""


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
    environment.install_gettext_translations(  # type: ignore[attr-defined]  # the extension adds it
        translations(language.lower()), newstyle=True
    )
    return environment
