"""Which language a reader is answered in (RFC 9110, Accept-Language)."""

import pytest

from gql.http.languages import preferred_language
from tests import rows
from tests.gql.execution import person, read


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "nl"),
        ("", "nl"),
        ("fr", "fr"),
        ("FR", "fr"),
        ("DE-at", "de"),
        ("fr-BE", "fr"),
        ("de-AT, nl", "de"),
        ("en;q=0.5, fr;q=0.8", "fr"),
        ("en;q=0.5,de;q=0.5", "en"),
        ("es, pt;q=0.9", "nl"),
        ("es, en;q=0.1", "en"),
        ("fr;q=0, en", "en"),
        ("fr;q=0", "nl"),
        ("*", "nl"),
        ("*, de;q=0.5", "de"),
        ("fr ; q=0.2 , en ; q=0.9", "en"),
        ("fr;q=much, en;q=0.1", "en"),
        ("fr;level=1", "fr"),
        (",,,", "nl"),
        (";q=1", "nl"),
        ("fr;q=nan, de;q=0.1", "de"),
        ("x" * 10_000, "nl"),
        ("é, ü;q=½", "nl"),
        ("nl_BE", "nl"),
    ],
)
def test_the_best_of_our_languages_is_chosen(header: str | None, language: str):
    assert preferred_language(header) == language


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("language", "themes", "types"),
    [
        ("nl", ["Facturatie"], ["Opdracht", "Verlengbare opdracht"]),
        ("fr", ["Facturation"], ["Marché", "Marché reconductible"]),
        ("en", ["Invoicing"], ["Contract", "Extendable contract"]),
        ("de", ["Rechnungsstellung"], ["Auftrag", "Verlängerbarer Auftrag"]),
    ],
)
async def test_themes_and_types_are_named_in_it(language: str, themes: list[str], types: list[str]):
    data = await read(person(await rows.a_user()), "{ themes { name } contractTypes { name } }", language=language)

    assert [theme["name"] for theme in data["themes"]] == themes
    assert [kind["name"] for kind in data["contractTypes"]] == types
