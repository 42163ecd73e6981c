"""A national register number never shows: not in a log, a page, an address or a cookie."""

import logging

import httpx
import pytest

from domain.database.connection import database
from local.people import persona
from tests.identity.browser import Browser, changed
from tests.identity.conftest import ProviderUnderTest


def written(number: str) -> list[str]:
    """The number as it might be written; no shorter piece, which may occur by chance."""
    return [number, f"{number[:6]}-{number[6:9]}.{number[9:]}", number[:9], number[2:]]


async def test_a_number_never_shows(
    browser: Browser,
    provider_under_test: ProviderUnderTest,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    newcomer, admin = persona("newcomer"), persona("admin")
    assert newcomer
    assert admin
    seen = [(await browser.sign_in(key, "/")).text for key in ("newcomer", "newcomer", "admin")]
    seen.append((await browser.get(changed(browser.addresses[-2], code="another"))).text)
    wrong = str(int(newcomer.national_number) + 1).zfill(11)
    for claims in ({"rrn": newcomer.national_number}, {"rrn": wrong}, {"rrn": int(wrong)}, {"rrn": [wrong]}):
        token = provider_under_test.token(sub="s", **claims)
        called = await browser.get(f"{browser.application}/who", headers={"Authorization": f"Bearer {token}"})
        seen.append(called.text + str(called.headers))
    captured = capfd.readouterr()
    cookies = [str(cookie.value) for cookie in browser.cookies.jar]
    texts = [*seen, *cookies, *browser.addresses, caplog.text, captured.out, captured.err]
    assert "signed_in" in captured.out + caplog.text
    for number in (newcomer.national_number, admin.national_number, wrong):
        for form in written(number):
            assert [text for text in texts if form in text] == []


async def test_a_number_is_nowhere_in_the_database_as_it_is(browser: Browser) -> None:
    admin = persona("admin")
    assert admin
    await browser.sign_in("admin")
    tables = await database().execute_query_dict(
        "select table_name from information_schema.tables where table_schema = 'public'"
    )
    for table in tables:
        rows = await database().execute_query_dict(f'select t::text as row from "{table["table_name"]}" t')
        for row in rows:
            assert admin.national_number not in row["row"]
            assert admin.national_number.encode().hex() not in row["row"]


async def test_pages_of_signing_in_show_nothing_of_what_came_with_the_request(browser: Browser) -> None:
    asked = httpx.QueryParams({"state": "<script>", "error": "<script>", "error_description": "<script>", "code": "x"})
    response = await browser.get(f"{browser.application}/signin/callback", params=asked)
    assert response.status_code == 400
    assert "<script>" not in response.text
