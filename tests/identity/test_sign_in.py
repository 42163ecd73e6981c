"""The whole dance with the demo's provider, over real sockets, and every step of it done wrong."""

import html
import re
from datetime import date

import httpx
import pytest

from domain import sealed_national_number
from domain.models import Session, User
from local.people import persona
from tests.conftest import Environment
from tests.identity.browser import Browser, changed
from tests.identity.conftest import ProviderUnderTest

NOBODY = {"user_id": None, "authority_id": None, "organisation_id": None, "session_id": None, "name": None}


async def refused(browser: Browser, response: httpx.Response, status: int, title: str) -> None:
    """The page explains, offers a way back, and nobody is signed in."""
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in response.text
    assert f'href="{browser.application}/signin?next=' in response.text
    assert f'href="{browser.application}/"' in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"
    assert await browser.who() == NOBODY
    assert await Session.all().count() == 0


async def test_the_first_sign_in_makes_the_person_from_the_claims(browser: Browser) -> None:
    admin = persona("admin")
    assert admin
    response = await browser.sign_in("admin", "/graphql?query=%7Bviewer%7D#a")
    assert (response.status_code, response.headers["location"]) == (303, "/graphql?query=%7Bviewer%7D#a")
    user = await User.get()
    assert (user.given_name, user.family_name, user.birth_date) == ("Bart", "Wouters", date(1979, 1, 30))
    assert user.subject == admin.subject
    assert sealed_national_number.unsealed_number(user) == admin.national_number
    session = await Session.get()
    assert await browser.who() == NOBODY | {"user_id": user.id, "session_id": session.id}


async def test_the_cookie_is_for_the_browser_alone(browser: Browser) -> None:
    response = await browser.sign_in("admin")
    gone, given = response.headers.get_list("set-cookie")
    assert gone.startswith('signin=""; ')
    assert "Max-Age=0" in gone
    name, _, attributes = given.partition("=")
    assert name == "session"
    assert {part.strip() for part in attributes.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=lax"}
    token = browser.cookies["session"]
    assert token.encode() not in (await Session.get()).token_digest


async def test_behind_https_the_cookies_are_bound_to_it(browser: Browser, environment: Environment) -> None:
    environment.set(PUBLIC_URL="https://e-contracting.example")
    response = await browser.get(f"{browser.application}/signin", headers={"host": "e-contracting.example"})
    given = response.headers["set-cookie"]
    assert given.startswith("__Host-signin=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax", "Max-Age=600"} <= set(given.split("; "))


async def test_a_person_who_is_known_by_number_gets_names_and_subject_of_today(browser: Browser) -> None:
    reader = persona("reader")
    assert reader
    known = await User.create(
        given_name="Elz", family_name="V. Damme", **sealed_national_number.number_columns(reader.national_number)
    )
    await browser.sign_in("reader")
    user = await User.get()
    assert user.id == known.id
    assert (user.given_name, user.family_name, user.subject) == ("Els", "Van Damme", reader.subject)
    assert user.birth_date == date(1985, 7, 30)


async def test_signing_in_again_ends_the_session_that_the_browser_had(browser: Browser) -> None:
    await browser.sign_in("admin")
    first = browser.cookies["session"]
    await browser.sign_in("reader")
    assert browser.cookies["session"] != first
    ended, alive = await Session.all().order_by("id")
    assert ended.ended_at is not None
    assert alive.ended_at is None
    browser.cookies.set("session", first, domain="127.0.0.1")
    async with Browser(browser.application) as other:
        other.cookies.set("session", first)
        assert await other.who() == NOBODY


async def test_a_session_that_the_browser_was_given_by_somebody_else_is_not_taken_up(browser: Browser) -> None:
    browser.cookies.set("session", "planted", domain="127.0.0.1", path="/")
    await browser.sign_in("admin")
    assert "planted" not in [cookie.value for cookie in browser.cookies.jar]


async def test_without_the_cookie_of_a_sign_in_under_way_no_answer_is_taken(browser: Browser) -> None:
    back = await browser.choose(await browser.begin("/x"), "admin")
    browser.cookies.clear()
    await refused(browser, await browser.get(back), 400, "Uw aanmelding is niet afgerond")


@pytest.mark.parametrize("state", ["", "&state=other", "&state=%C3%A9", "&state=%FF", "&state=%00"])
async def test_an_answer_with_another_state_is_not_taken(browser: Browser, state: str) -> None:
    back = await browser.choose(await browser.begin("/x"), "admin")
    response = await browser.get(changed(back, state=None) + state)
    await refused(browser, response, 400, "Uw aanmelding is niet afgerond")


async def test_a_tampered_cookie_is_none(browser: Browser) -> None:
    back = await browser.choose(await browser.begin(), "admin")
    sealed = browser.cookies["signin"]
    for tampered in (sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BB"), "nonsense", "a.b.c.d.e", ""):
        browser.cookies.clear()
        browser.cookies.set("signin", tampered, domain="127.0.0.1", path="/")
        await refused(browser, await browser.get(back), 400, "Uw aanmelding is niet afgerond")


async def test_the_answer_to_another_browsers_sign_in_is_not_taken(browser: Browser) -> None:
    async with Browser(browser.application) as attacker:
        lure = await attacker.choose(await attacker.begin(), "outsider")
    await browser.begin()
    await refused(browser, await browser.get(lure), 400, "Uw aanmelding is niet afgerond")


async def test_an_id_token_with_another_nonce_is_not_believed(browser: Browser) -> None:
    back = await browser.choose(changed(await browser.begin(), nonce="another"), "admin")
    await refused(browser, await browser.get(back), 502, "Het aanmelden is mislukt")


async def test_a_code_for_another_verifier_is_not_redeemed(browser: Browser) -> None:
    back = await browser.choose(changed(await browser.begin(), code_challenge="x" * 43), "admin")
    await refused(browser, await browser.get(back), 502, "Het aanmelden is mislukt")


async def test_a_code_is_good_once(browser: Browser) -> None:
    back = await browser.choose(await browser.begin(), "admin")
    sealed = browser.cookies["signin"]
    assert (await browser.get(back)).status_code == 303
    async with Browser(browser.application) as other:
        other.cookies.set("signin", sealed)
        assert (await other.get(back)).status_code == 502
        assert await other.who() == NOBODY


@pytest.mark.parametrize("offset", [61, 1000])
async def test_a_code_is_good_for_a_minute(
    browser: Browser, provider_under_test: ProviderUnderTest, offset: int
) -> None:
    back = await browser.choose(await browser.begin(), "admin")
    provider_under_test.clock.offset = offset
    await refused(browser, await browser.get(back), 502, "Het aanmelden is mislukt")


@pytest.mark.parametrize("offset", [-400, 100])
async def test_an_id_token_of_another_hour_is_not_believed(
    browser: Browser, provider_under_test: ProviderUnderTest, offset: int
) -> None:
    provider_under_test.clock.offset = offset
    await refused(browser, await browser.sign_in("admin"), 502, "Het aanmelden is mislukt")


@pytest.mark.parametrize("issuer", [None, "https://elsewhere.example"])
async def test_an_answer_in_another_issuers_name_is_not_believed(browser: Browser, issuer: str | None) -> None:
    back = await browser.choose(await browser.begin(), "admin")
    await refused(browser, await browser.get(changed(back, iss=issuer)), 502, "Het aanmelden is mislukt")


async def test_an_answer_without_a_code_is_refused(browser: Browser) -> None:
    back = await browser.choose(await browser.begin(), "admin")
    await refused(browser, await browser.get(changed(back, code=None)), 502, "Het aanmelden is mislukt")


async def test_whoever_declines_at_the_provider_is_told_so(browser: Browser) -> None:
    shown = await browser.get(await browser.begin("/waarheen"))
    [way_back] = re.findall(r'href="([^"]+)">Niet aanmelden<', shown.text)
    back = html.unescape(way_back)
    assert httpx.URL(back).params["error"] == "access_denied"
    declined = await browser.get(back)
    assert "/signin?next=%2Fwaarheen" in declined.text
    await refused(browser, declined, 403, "U bent niet aangemeld")


async def test_a_redirect_address_that_is_not_ours_is_refused_by_the_provider(browser: Browser) -> None:
    address = changed(await browser.begin(), redirect_uri="https://elsewhere.example/signin/callback")
    response = await browser.get(address)
    assert response.status_code == 400
    assert "location" not in response.headers
    assert "Aanmelden is zo niet mogelijk" in response.text


async def test_the_claims_have_the_names_that_the_settings_give(browser: Browser, environment: Environment) -> None:
    environment.set(CLAIM_SUBJECT="sub", CLAIM_NATIONAL_NUMBER="elsewhere")
    unknown = await browser.sign_in("admin")
    await refused(browser, unknown, 403, "Wij kunnen u niet herkennen")
    assert await User.all().count() == 0
