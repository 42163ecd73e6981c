"""The language of a response follows Accept-Language (RFC 9110)."""

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
def test_the_preferred_supported_language_is_chosen(header: str | None, language: str):
    assert preferred_language(header) == language


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("language", "theme_names", "type_names"),
    [
        ("nl", ["Facturatie"], ["Opdracht", "Verlengbare opdracht"]),
        ("fr", ["Facturation"], ["Marché", "Marché reconductible"]),
        ("en", ["Invoicing"], ["Contract", "Extendable contract"]),
        ("de", ["Rechnungsstellung"], ["Auftrag", "Verlängerbarer Auftrag"]),
    ],
)
async def test_themes_and_contract_types_are_named_in_the_requested_language(
    language: str, theme_names: list[str], type_names: list[str]
):
    data = await read(person(await rows.a_user()), "{ themes { name } contractTypes { name } }", language=language)

    assert [theme["name"] for theme in data["themes"]] == theme_names
    assert [contract_type["name"] for contract_type in data["contractTypes"]] == type_names
