"""The demo's identity provider keeps to OpenID Connect, and refuses in its words."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.people import PEOPLE, persona
from tests.local.provider_client import ASKED, ISSUER, REDIRECT, SECRET, VERIFIER, ProviderClient, answered


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[ProviderClient]:
    async with ProviderClient(tmp_path / "provider") as opened:
        yield opened


async def test_it_tells_what_it_is(provider: ProviderClient) -> None:
    told = (await provider.get("/.well-known/openid-configuration")).json()
    assert told["issuer"] == ISSUER
    for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        assert told[endpoint].startswith(f"{ISSUER}/")
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]
    assert told["subject_types_supported"] == ["public"]
    assert "RS256" in told["id_token_signing_alg_values_supported"]


async def test_the_page_has_a_button_for_each_persona_and_needs_no_script(provider: ProviderClient) -> None:
    shown = await provider.authorize()
    assert shown.status_code == 200
    for person in PEOPLE:
        assert (f'name="persona" value="{person.key}"' in shown.text) == (person.key is not None)
        assert person.national_number not in shown.text
    assert "<script" not in shown.text
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:23000" in policy
    assert (await provider.get("/style.css")).headers["content-type"].startswith("text/css")


async def test_a_script_that_posts_all_of_the_pages_inputs_and_a_persona_signs_in(provider: ProviderClient) -> None:
    shown = await provider.authorize()
    inputs = dict(re.findall(r'<input [^>]*name="([^"]*)" value="([^"]*)"', shown.text))
    assert inputs == ASKED
    everything = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', shown.text))
    assert everything.keys() == {*ASKED, "persona"}
    assert answered(await provider.post("/authorize", data=everything | {"persona": "admin"}))["code"]


async def test_whoever_declines_goes_back_to_the_client_which_is_told(provider: ProviderClient) -> None:
    shown = await provider.authorize(redirect_uri=REDIRECT + "?tenant=1")
    [way_back] = re.findall(r'href="([^"]+)">Niet aanmelden<', shown.text)
    back = httpx.URL(html.unescape(way_back))
    assert str(back).startswith(REDIRECT + "?tenant=1&")
    assert (back.params["error"], back.params["state"], back.params["iss"]) == ("access_denied", "the state", ISSUER)
    assert "code" not in back.params


async def test_what_came_with_the_request_is_shown_as_text_only(provider: ProviderClient) -> None:
    shown = await provider.authorize(state='"><script>alert(1)</script>')
    assert "<script" not in shown.text


async def test_choosing_gives_a_code_and_the_code_gives_tokens(provider: ProviderClient) -> None:
    sender = persona("sender")
    assert sender
    back = answered(await provider.choose(persona="sender"))
    assert (back["state"], back["iss"]) == ("the state", ISSUER)
    response = await provider.redeem(back["code"])
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    tokens = response.json()
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 3600, "openid")
    person = {
        "sub": sender.subject,
        "vo_id": sender.subject,
        "rrn": sender.national_number,
        "given_name": "Sofie",
        "family_name": "Goossens",
    }
    identity, access = await provider.read(tokens["id_token"]), await provider.read(tokens["access_token"])
    assert person.items() <= identity.claims.items()
    assert person.items() <= access.claims.items()
    assert (identity.claims["iss"], identity.claims["aud"]) == (ISSUER, "econtracting")
    assert identity.claims["nonce"] == "the nonce"
    assert identity.claims["at_hash"]
    assert (access.header["typ"], access.claims["aud"]) == ("at+jwt", "econtracting")
    assert access.claims["client_id"] == "econtracting"
    assert "nonce" not in access.claims


async def test_an_address_alone_signs_nobody_in(provider: ProviderClient) -> None:
    assert (await provider.authorize(persona="admin")).status_code == 200
    assert (await provider.choose(persona="nobody")).status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", None),
        ("client_id", "unknown"),
        ("client_id", "authority"),
        ("redirect_uri", None),
        ("redirect_uri", REDIRECT + "/"),
        ("redirect_uri", REDIRECT + "?a=b"),
        ("redirect_uri", REDIRECT.upper()),
        ("redirect_uri", REDIRECT.replace("127.0.0.1", "localhost")),
        ("redirect_uri", "https://elsewhere.example"),
    ],
)
async def test_without_an_address_of_the_clients_own_nobody_is_sent_anywhere(
    provider: ProviderClient, name: str, value: str | None
) -> None:
    for response in (await provider.authorize(**{name: value}), await provider.choose(**{name: value})):
        assert response.status_code == 400
        assert "location" not in response.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"nonce": None}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "x" * 43 + "\n"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"request": "e30."}, "request_not_supported"),
        ({"request_uri": "http://127.0.0.1/"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
    ],
)
async def test_the_client_is_told_what_it_did_wrong(
    provider: ProviderClient, changes: dict[str, str | None], error: str
) -> None:
    back = answered(await provider.choose(**changes))
    assert (back["error"], back["state"], back["iss"]) == (error, "the state", ISSUER)
    assert "code" not in back


async def test_a_parameter_that_is_given_twice_is_refused(provider: ProviderClient) -> None:
    twice = httpx.QueryParams(ASKED).add("nonce", "another")
    assert answered(await provider.get("/authorize", params=twice))["error"] == "invalid_request"
    twice = httpx.QueryParams(ASKED).add("redirect_uri", "https://elsewhere.example")
    assert (await provider.get("/authorize", params=twice)).status_code == 400


async def test_an_address_with_a_query_keeps_it(provider: ProviderClient) -> None:
    back = answered(await provider.choose(redirect_uri=REDIRECT + "?tenant=1"))
    assert back["tenant"] == "1"
    assert back["code"]


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 400, "unauthorized_client"),
        ({"client_id": "authority", "client_secret": "demo"}, 400, "unauthorized_client"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "unknown"}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"code": None}, 400, "invalid_request"),
        ({"code": "unknown"}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_request"),
        ({"redirect_uri": REDIRECT + "?tenant=1"}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_request"),
        ({"code_verifier": "short"}, 400, "invalid_request"),
        ({"code_verifier": "w" * 64}, 400, "invalid_grant"),
    ],
)
async def test_the_token_endpoint_says_no_in_the_protocols_words(
    provider: ProviderClient, changes: dict[str, str | None], status: int, error: str
) -> None:
    response = await provider.redeem(await provider.code(), **changes)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in response.headers) == (status == 401)


async def test_a_code_is_used_up_by_whoever_shows_it(provider: ProviderClient) -> None:
    for wrong in ({}, {"code_verifier": "w" * 64}, {"redirect_uri": "https://elsewhere.example"}):
        code = await provider.code()
        await provider.redeem(code, **wrong)
        assert (await provider.redeem(code)).json()["error"] == "invalid_grant"


async def test_a_code_lives_for_a_minute(provider: ProviderClient) -> None:
    first, second = await provider.code(), await provider.code()
    provider.offset = 58
    assert (await provider.redeem(first)).status_code == 200
    provider.offset = 61
    assert (await provider.redeem(second)).json()["error"] == "invalid_grant"


async def test_a_client_may_authenticate_by_header_but_not_twice(provider: ProviderClient) -> None:
    header = httpx.BasicAuth("econtracting", SECRET)
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    code = {"code": await provider.code()}
    assert (await provider.post("/token", data=form | code, auth=header)).status_code == 200
    twice = await provider.post("/token", data=form | code | {"client_secret": SECRET}, auth=header)
    assert twice.json()["error"] == "invalid_request"
    another = await provider.post("/token", data=form | code | {"client_id": "authority"}, auth=header)
    assert another.json()["error"] == "invalid_request"
    for authorization in ("Basic", "Basic !", "Basic 6Q==", "Bearer econtracting", ""):
        refused = await provider.post("/token", data=form | code, headers={"Authorization": authorization})
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


async def test_the_authoritys_machine_gets_a_token_of_its_own(provider: ProviderClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"}
    answer = (await provider.post("/token", data=form)).json()
    claims = (await provider.read(answer["access_token"])).claims
    assert {
        "iss": ISSUER,
        "aud": "econtracting",
        "client_id": "authority",
        "sub": "authority",
    }.items() <= claims.items()
    assert claims["exp"] - claims["iat"] == answer["expires_in"] == 3600
    assert claims["jti"]
    assert not {"rrn", "vo_id", "given_name"} & claims.keys()
    assert "id_token" not in answer
    scoped = await provider.post("/token", data=form | {"scope": "openid"})
    assert scoped.json()["error"] == "invalid_scope"


async def test_only_a_form_is_taken(provider: ProviderClient) -> None:
    for path in ("/token", "/authorize", "/keys"):
        response = await provider.post(path, json={})
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert (await provider.get("/token")).status_code == 405
    twice = b"grant_type=client_credentials&grant_type=client_credentials&client_id=authority&client_secret=demo"
    response = await provider.post(
        "/token", content=twice, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert response.json()["error"] == "invalid_request"


@settings(max_examples=100)
@given(changes=st.dictionaries(st.sampled_from([*ASKED, "prompt", "persona", "response_mode"]), st.text(max_size=50)))
async def test_whatever_is_asked_is_answered(provider: ProviderClient, changes: dict[str, str]) -> None:
    for response in (await provider.authorize(**changes), await provider.choose(**changes)):
        assert response.status_code in (200, 303, 400)
    assert (await provider.redeem("x", **changes)).status_code in (400, 401)
