"""Texts in the reader's language: English in the code, catalogues beside this file, read once."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LANGUAGES: Final = ("nl", "fr", "en", "de")
DEFAULT: Final = "nl"
LOCALES: Final = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB", "de": "de_BE"}
"""How each language's readers here write days, numbers and lists."""
_FOLDER: Final = Path(__file__).parent


@lru_cache
def translations(language: str) -> Translations:
    """The catalogues of a language (`nl`, `fr`, `en` or `de`), as Jinja and gettext take them.

    English is what the code says itself. Each folder holds one catalogue a subject, such as `nl/mails.po`.
    """
    catalog = Catalog(locale=language)
    for path in sorted((_FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string:
                    catalog.add(message.id, message.string, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(fp=compiled)


def text(language: str, message: str, /, **facts: object) -> str:
    """The message in that language, with its facts filled in.

    Args:
        language: `nl`, `fr`, `en` or `de`.
        message: The English text, with `{names}` where facts belong.
        facts: The values of the names, which may be `language` and `message` too.
    """
    return translations(language).gettext(message).format(**facts)
