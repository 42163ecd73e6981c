"""Sign-in with the demo's provider over real sockets, and each of its steps done wrong."""

import html
import re
from datetime import date

import httpx
import pytest

from domain import sealed_national_number
from domain.models import Session, User
from local.people import persona
from tests.conftest import Environment
from tests.identity.browser import Browser, with_parameters
from tests.identity.conftest import ProviderUnderTest

NOBODY = {"user_id": None, "authority_id": None, "organisation_id": None, "session_id": None, "name": None}


async def assert_refused(browser: Browser, response: httpx.Response, status: int, title: str) -> None:
    """The page has the title and links to sign in again, and nobody is signed in."""
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in response.text
    assert f'href="{browser.application}/signin?next=' in response.text
    assert f'href="{browser.application}/"' in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"
    assert await browser.whoami() == NOBODY
    assert await Session.all().count() == 0


async def test_the_first_sign_in_creates_the_user_from_the_claims(browser: Browser) -> None:
    admin = persona("admin")
    assert admin
    response = await browser.sign_in("admin", "/graphql?query=%7Bviewer%7D#a")
    assert (response.status_code, response.headers["location"]) == (303, "/graphql?query=%7Bviewer%7D#a")
    user = await User.get()
    assert (user.given_name, user.family_name, user.birth_date) == ("Bart", "Wouters", date(1979, 1, 30))
    assert user.subject == admin.subject
    assert sealed_national_number.unsealed_number(user) == admin.national_number
    session = await Session.get()
    assert await browser.whoami() == NOBODY | {"user_id": user.id, "session_id": session.id}


async def test_scripts_cannot_read_the_session_cookie(browser: Browser) -> None:
    response = await browser.sign_in("admin")
    sign_in_cookie, session_cookie = response.headers.get_list("set-cookie")
    assert sign_in_cookie.startswith('signin=""; ')
    assert "Max-Age=0" in sign_in_cookie
    name, _, attributes = session_cookie.partition("=")
    assert name == "session"
    assert {part.strip() for part in attributes.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=lax"}
    token = browser.cookies["session"]
    assert token.encode() not in (await Session.get()).token_digest


async def test_cookies_are_secure_when_the_public_url_is_https(browser: Browser, environment: Environment) -> None:
    environment.set(PUBLIC_URL="https://e-contracting.example")
    response = await browser.get(f"{browser.application}/signin", headers={"host": "e-contracting.example"})
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-signin=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax", "Max-Age=600"} <= set(cookie.split("; "))


async def test_names_and_subject_of_a_known_person_are_updated(browser: Browser) -> None:
    reader = persona("reader")
    assert reader
    existing_user = await User.create(
        given_name="Elz", family_name="V. Damme", **sealed_national_number.number_columns(reader.national_number)
    )
    await browser.sign_in("reader")
    user = await User.get()
    assert user.id == existing_user.id
    assert (user.given_name, user.family_name, user.subject) == ("Els", "Van Damme", reader.subject)
    assert user.birth_date == date(1985, 7, 30)


async def test_signing_in_again_ends_the_session_that_the_browser_had(browser: Browser) -> None:
    await browser.sign_in("admin")
    first_token = browser.cookies["session"]
    await browser.sign_in("reader")
    assert browser.cookies["session"] != first_token
    first, second = await Session.all().order_by("id")
    assert first.ended_at is not None
    assert second.ended_at is None
    browser.cookies.set("session", first_token, domain="127.0.0.1")
    async with Browser(browser.application) as other:
        other.cookies.set("session", first_token)
        assert await other.whoami() == NOBODY


async def test_a_planted_session_cookie_is_replaced(browser: Browser) -> None:
    browser.cookies.set("session", "planted", domain="127.0.0.1", path="/")
    await browser.sign_in("admin")
    assert "planted" not in [cookie.value for cookie in browser.cookies.jar]


async def test_a_response_without_the_cookie_of_the_sign_in_is_refused(browser: Browser) -> None:
    callback_url = await browser.choose_person(await browser.start_sign_in("/x"), "admin")
    browser.cookies.clear()
    await assert_refused(browser, await browser.get(callback_url), 400, "Uw aanmelding is niet afgerond")


@pytest.mark.parametrize("state", ["", "&state=other", "&state=%C3%A9", "&state=%FF", "&state=%00"])
async def test_a_response_with_another_state_is_refused(browser: Browser, state: str) -> None:
    callback_url = await browser.choose_person(await browser.start_sign_in("/x"), "admin")
    response = await browser.get(with_parameters(callback_url, state=None) + state)
    await assert_refused(browser, response, 400, "Uw aanmelding is niet afgerond")


async def test_a_tampered_cookie_is_refused(browser: Browser) -> None:
    callback_url = await browser.choose_person(await browser.start_sign_in(), "admin")
    cookie = browser.cookies["signin"]
    for tampered in (cookie[:-2] + ("AA" if cookie[-2:] != "AA" else "BB"), "nonsense", "a.b.c.d.e", ""):
        browser.cookies.clear()
        browser.cookies.set("signin", tampered, domain="127.0.0.1", path="/")
        await assert_refused(browser, await browser.get(callback_url), 400, "Uw aanmelding is niet afgerond")


async def test_the_response_to_another_browsers_sign_in_is_refused(browser: Browser) -> None:
    async with Browser(browser.application) as attacker:
        callback_url = await attacker.choose_person(await attacker.start_sign_in(), "outsider")
    await browser.start_sign_in()
    await assert_refused(browser, await browser.get(callback_url), 400, "Uw aanmelding is niet afgerond")


async def test_an_id_token_with_another_nonce_is_refused(browser: Browser) -> None:
    callback_url = await browser.choose_person(with_parameters(await browser.start_sign_in(), nonce="another"), "admin")
    await assert_refused(browser, await browser.get(callback_url), 502, "Het aanmelden is mislukt")


async def test_a_code_for_another_code_verifier_is_refused(browser: Browser) -> None:
    callback_url = await browser.choose_person(
        with_parameters(await browser.start_sign_in(), code_challenge="x" * 43), "admin"
    )
    await assert_refused(browser, await browser.get(callback_url), 502, "Het aanmelden is mislukt")


async def test_a_code_can_be_redeemed_once(browser: Browser) -> None:
    callback_url = await browser.choose_person(await browser.start_sign_in(), "admin")
    cookie = browser.cookies["signin"]
    assert (await browser.get(callback_url)).status_code == 303
    async with Browser(browser.application) as other:
        other.cookies.set("signin", cookie)
        assert (await other.get(callback_url)).status_code == 502
        assert await other.whoami() == NOBODY


@pytest.mark.parametrize("offset", [61, 1000])
async def test_a_code_can_be_redeemed_for_a_minute(
    browser: Browser, provider_under_test: ProviderUnderTest, offset: int
) -> None:
    callback_url = await browser.choose_person(await browser.start_sign_in(), "admin")
    provider_under_test.clock.offset = offset
    await assert_refused(browser, await browser.get(callback_url), 502, "Het aanmelden is mislukt")


@pytest.mark.parametrize("offset", [-400, 100])
async def test_an_id_token_that_is_expired_or_from_the_future_is_refused(
    browser: Browser, provider_under_test: ProviderUnderTest, offset: int
) -> None:
    provider_under_test.clock.offset = offset
    await assert_refused(browser, await browser.sign_in("admin"), 502, "Het aanmelden is mislukt")


@pytest.mark.parametrize("issuer", [None, "https://elsewhere.example"])
async def test_a_response_of_another_issuer_is_refused(browser: Browser, issuer: str | None) -> None:
    callback_url = await browser.choose_person(await browser.start_sign_in(), "admin")
    await assert_refused(
        browser, await browser.get(with_parameters(callback_url, iss=issuer)), 502, "Het aanmelden is mislukt"
    )


async def test_a_response_without_a_code_is_refused(browser: Browser) -> None:
    callback_url = await browser.choose_person(await browser.start_sign_in(), "admin")
    await assert_refused(
        browser, await browser.get(with_parameters(callback_url, code=None)), 502, "Het aanmelden is mislukt"
    )


async def test_declining_at_the_provider_is_explained(browser: Browser) -> None:
    page = await browser.get(await browser.start_sign_in("/waarheen"))
    [decline_url] = re.findall(r'href="([^"]+)">Niet aanmelden<', page.text)
    callback_url = html.unescape(decline_url)
    assert httpx.URL(callback_url).params["error"] == "access_denied"
    response = await browser.get(callback_url)
    assert "/signin?next=%2Fwaarheen" in response.text
    await assert_refused(browser, response, 403, "U bent niet aangemeld")


async def test_a_foreign_redirect_uri_is_refused_by_the_provider(browser: Browser) -> None:
    url = with_parameters(await browser.start_sign_in(), redirect_uri="https://elsewhere.example/signin/callback")
    response = await browser.get(url)
    assert response.status_code == 400
    assert "location" not in response.headers
    assert "Aanmelden is zo niet mogelijk" in response.text


async def test_the_settings_name_the_claims(browser: Browser, environment: Environment) -> None:
    environment.set(CLAIM_SUBJECT="sub", CLAIM_NATIONAL_NUMBER="elsewhere")
    response = await browser.sign_in("admin")
    await assert_refused(browser, response, 403, "Wij kunnen u niet herkennen")
    assert await User.all().count() == 0
