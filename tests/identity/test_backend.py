"""From a request to the one who makes it."""

import pytest

from domain.models import Session, User
from tests.identity.browser import Browser
from tests.identity.conftest import ProviderUnderTest
from tests.identity.test_sign_in import NOBODY


async def test_without_anything_it_is_nobody(browser: Browser) -> None:
    assert await browser.who() == NOBODY


async def test_a_bearer_token_wins_over_the_cookie_and_a_bad_one_is_not_passed_over(
    browser: Browser, provider_under_test: ProviderUnderTest
) -> None:
    await browser.sign_in("admin")
    newcomer = provider_under_test.token(
        sub="s", vo_id="s", rrn="85073003328", given_name="An", family_name="Peeters", client_id="frontend"
    )
    called = await browser.get(f"{browser.application}/who", headers={"Authorization": f"bearer {newcomer}"})
    assert called.json() == NOBODY | {"user_id": (await User.get(given_name="An")).id}
    for header in ("Bearer", "Bearer nonsense", "Bearer a b", "bearer " + newcomer[:-4]):
        refused = await browser.get(f"{browser.application}/who", headers={"Authorization": header})
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')


@pytest.mark.parametrize("header", ["Basic YTpi", "Digest x", "", "nonsense"])
async def test_another_scheme_is_no_bearer_token(browser: Browser, header: str) -> None:
    await browser.sign_in("admin")
    called = await browser.get(f"{browser.application}/who", headers={"Authorization": header})
    assert called.json()["session_id"] == (await Session.get()).id
