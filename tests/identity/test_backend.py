"""The actor of a request."""

import pytest

from domain.models import Session, User
from tests.identity.browser import Browser
from tests.identity.conftest import ProviderUnderTest
from tests.identity.test_sign_in import NOBODY


async def test_a_request_without_credentials_is_nobodys(browser: Browser) -> None:
    assert await browser.whoami() == NOBODY


async def test_a_bearer_token_takes_precedence_over_the_cookie_even_when_it_is_invalid(
    browser: Browser, provider_under_test: ProviderUnderTest
) -> None:
    await browser.sign_in("admin")
    token = provider_under_test.token(
        sub="s", vo_id="s", rrn="85073003328", given_name="An", family_name="Peeters", client_id="frontend"
    )
    response = await browser.get(f"{browser.application}/whoami", headers={"Authorization": f"bearer {token}"})
    assert response.json() == NOBODY | {"user_id": (await User.get(given_name="An")).id}
    for header in ("Bearer", "Bearer nonsense", "Bearer a b", "bearer " + token[:-4]):
        response = await browser.get(f"{browser.application}/whoami", headers={"Authorization": header})
        assert (response.status_code, response.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')


@pytest.mark.parametrize("header", ["Basic YTpi", "Digest x", "", "nonsense"])
async def test_other_authentication_schemes_are_ignored(browser: Browser, header: str) -> None:
    await browser.sign_in("admin")
    response = await browser.get(f"{browser.application}/whoami", headers={"Authorization": header})
    assert response.json()["session_id"] == (await Session.get()).id
