"""The lifetime of sessions, and how they end."""

from datetime import timedelta

import pytest

from domain.actor import NOBODY, Actor
from domain.database.connection import database
from domain.models import Session, User
from identity import sessions
from tests.conftest import Environment
from tests.identity.browser import Browser

pytestmark = pytest.mark.usefixtures("database")


async def a_user() -> User:
    return await User.create(
        given_name="An", family_name="Peeters", national_number_sealed=b"x", national_number_index=b"y"
    )


async def pass_time(interval: str) -> None:
    """Makes all sessions older, and their last use too."""
    await database().execute_query(
        "update session set started_at = started_at - $1::text::interval,"
        " last_seen_at = last_seen_at - $1::text::interval, expires_at = expires_at - $1::text::interval",
        [interval],
    )


async def test_a_token_authenticates_its_person_and_session() -> None:
    user = await a_user()
    token = await sessions.begin(user.id, None)
    session = await Session.get()
    assert await sessions.resume(token) == Actor(user_id=user.id, session_id=session.id)
    assert session.expires_at - session.started_at == timedelta(hours=12)
    assert token.encode() not in bytes(session.token_digest)
    assert len(session.token_digest) == 32


@pytest.mark.parametrize("token", ["", "x", "é", "\udcff", "'; drop table session; --", "a" * 10_000])
async def test_any_other_token_authenticates_nobody(token: str) -> None:
    await sessions.begin((await a_user()).id, None)
    assert await sessions.resume(token) == NOBODY


async def test_a_session_ends_after_the_idle_time(environment: Environment) -> None:
    environment.set(SESSION_IDLE_MINUTES=60)
    token = await sessions.begin((await a_user()).id, None)
    await pass_time("59 minutes")
    assert (await sessions.resume(token)).signed_in
    await pass_time("59 minutes")
    assert (await sessions.resume(token)).signed_in
    await pass_time("61 minutes")
    assert await sessions.resume(token) == NOBODY
    await pass_time("-30 minutes")
    assert (await sessions.resume(token)).signed_in


async def test_a_session_ends_after_twelve_hours_even_when_it_is_used() -> None:
    token = await sessions.begin((await a_user()).id, None)
    for _ in range(13):
        assert (await sessions.resume(token)).signed_in
        await pass_time("55 minutes")
    assert (await sessions.resume(token)).signed_in
    await pass_time("10 minutes")
    assert await sessions.resume(token) == NOBODY


async def test_the_last_use_is_written_at_most_once_a_minute() -> None:
    token = await sessions.begin((await a_user()).id, None)
    before = (await Session.get()).last_seen_at
    await sessions.resume(token)
    assert (await Session.get()).last_seen_at == before
    await pass_time("61 seconds")
    await sessions.resume(token)
    touched = (await Session.get()).last_seen_at
    assert touched >= before
    await sessions.resume(token)
    assert (await Session.get()).last_seen_at == touched


async def test_a_new_session_ends_the_previous_one_of_the_browser_and_no_other() -> None:
    user = await a_user()
    previous, other = await sessions.begin(user.id, None), await sessions.begin(user.id, None)
    token = await sessions.begin(user.id, previous)
    assert await sessions.resume(previous) == NOBODY
    assert (await sessions.resume(other)).signed_in
    assert (await sessions.resume(token)).signed_in


async def test_ending_a_session_again_changes_nothing() -> None:
    token = await sessions.begin((await a_user()).id, None)
    await sessions.end(token)
    ended_at = (await Session.get()).ended_at
    assert ended_at is not None
    await sessions.end(token)
    assert (await Session.get()).ended_at == ended_at
    assert await sessions.resume(token) == NOBODY


async def test_signing_out_ends_the_session_and_deletes_the_cookie(browser: Browser) -> None:
    await browser.sign_in("admin")
    token = browser.cookies["session"]
    response = await browser.post(f"{browser.application}/signout", headers={"Origin": browser.application})
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert "session" not in browser.cookies
    assert (await Session.get()).ended_at is not None
    assert await sessions.resume(token) == NOBODY
    assert (await browser.post(f"{browser.application}/signout")).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_cannot_sign_anyone_out(browser: Browser, headers: dict[str, str]) -> None:
    await browser.sign_in("admin")
    response = await browser.post(f"{browser.application}/signout", headers=headers)
    assert response.status_code == 403
    assert "U bent niet afgemeld" in response.text
    assert (await Session.get()).ended_at is None
    assert (await browser.get(f"{browser.application}/signout")).status_code == 405


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}])
async def test_our_own_pages_and_programs_can_sign_out(browser: Browser, headers: dict[str, str]) -> None:
    await browser.sign_in("admin")
    assert (await browser.post(f"{browser.application}/signout", headers=headers)).status_code == 303
    assert (await Session.get()).ended_at is not None
