"""A national register number appears nowhere: not in a log, a page, a URL or a cookie."""

import logging

import httpx
import pytest

from domain.database.connection import database
from local.people import persona
from tests.identity.browser import Browser, with_parameters
from tests.identity.conftest import ProviderUnderTest


def spellings(number: str) -> list[str]:
    """The spellings of a number, whole or in part; shorter parts may occur by chance."""
    return [number, f"{number[:6]}-{number[6:9]}.{number[9:]}", number[:9], number[2:]]


async def test_a_number_appears_in_no_response_url_cookie_or_log(
    browser: Browser,
    provider_under_test: ProviderUnderTest,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    newcomer, admin = persona("newcomer"), persona("admin")
    assert newcomer
    assert admin
    responses = [(await browser.sign_in(key, "/")).text for key in ("newcomer", "newcomer", "admin")]
    responses.append((await browser.get(with_parameters(browser.urls[-2], code="another"))).text)
    invalid_number = str(int(newcomer.national_number) + 1).zfill(11)
    for claims in (
        {"rrn": newcomer.national_number},
        {"rrn": invalid_number},
        {"rrn": int(invalid_number)},
        {"rrn": [invalid_number]},
    ):
        token = provider_under_test.token(sub="s", **claims)
        response = await browser.get(f"{browser.application}/whoami", headers={"Authorization": f"Bearer {token}"})
        responses.append(response.text + str(response.headers))
    captured = capfd.readouterr()
    cookies = [str(cookie.value) for cookie in browser.cookies.jar]
    texts = [*responses, *cookies, *browser.urls, caplog.text, captured.out, captured.err]
    assert "signed_in" in captured.out + caplog.text
    for number in (newcomer.national_number, admin.national_number, invalid_number):
        for spelling in spellings(number):
            assert [text for text in texts if spelling in text] == []


async def test_a_number_is_nowhere_in_the_database_in_plain_text(browser: Browser) -> None:
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


async def test_error_pages_of_the_sign_in_show_no_parameter_of_the_request(browser: Browser) -> None:
    parameters = httpx.QueryParams(
        {"state": "<script>", "error": "<script>", "error_description": "<script>", "code": "x"}
    )
    response = await browser.get(f"{browser.application}/signin/callback", params=parameters)
    assert response.status_code == 400
    assert "<script>" not in response.text
