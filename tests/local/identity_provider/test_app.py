"""The demo's identity provider follows OpenID Connect, and refuses requests with the errors of the protocol."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.people import PEOPLE, persona
from tests.local.identity_provider.provider_client import (
    AUTHORIZATION_REQUEST,
    CODE_VERIFIER,
    ISSUER,
    REDIRECT_URI,
    SECRET,
    ProviderClient,
    response_parameters,
)


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[ProviderClient]:
    async with ProviderClient(tmp_path / "provider") as opened:
        yield opened


async def test_the_discovery_document_describes_the_provider(provider: ProviderClient) -> None:
    document = (await provider.get("/.well-known/openid-configuration")).json()
    assert document["issuer"] == ISSUER
    for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        assert document[endpoint].startswith(f"{ISSUER}/")
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["response_types_supported"] == ["code"]
    assert document["subject_types_supported"] == ["public"]
    assert "RS256" in document["id_token_signing_alg_values_supported"]


async def test_the_page_has_a_button_for_each_persona_and_needs_no_script(provider: ProviderClient) -> None:
    response = await provider.authorize()
    assert response.status_code == 200
    for person in PEOPLE:
        assert (f'name="persona" value="{person.key}"' in response.text) == (person.key is not None)
        assert person.national_number not in response.text
    assert "<script" not in response.text
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:23000" in policy
    assert (await provider.get("/style.css")).headers["content-type"].startswith("text/css")


async def test_a_script_that_posts_every_input_of_the_page_and_a_persona_signs_in(provider: ProviderClient) -> None:
    response = await provider.authorize()
    inputs = dict(re.findall(r'<input [^>]*name="([^"]*)" value="([^"]*)"', response.text))
    assert inputs == AUTHORIZATION_REQUEST
    form = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', response.text))
    assert form.keys() == {*AUTHORIZATION_REQUEST, "persona"}
    assert response_parameters(await provider.post("/authorize", data=form | {"persona": "admin"}))["code"]


async def test_a_person_who_declines_is_redirected_to_the_client_with_an_error(provider: ProviderClient) -> None:
    response = await provider.authorize(redirect_uri=REDIRECT_URI + "?tenant=1")
    [decline_url] = re.findall(r'href="([^"]+)">Niet aanmelden<', response.text)
    location = httpx.URL(html.unescape(decline_url))
    assert str(location).startswith(REDIRECT_URI + "?tenant=1&")
    assert location.params["error"] == "access_denied"
    assert (location.params["state"], location.params["iss"]) == ("the state", ISSUER)
    assert "code" not in location.params


async def test_parameters_of_the_request_are_escaped_in_the_page(provider: ProviderClient) -> None:
    response = await provider.authorize(state='"><script>alert(1)</script>')
    assert "<script" not in response.text


async def test_choosing_a_person_gives_a_code_that_is_exchanged_for_tokens(provider: ProviderClient) -> None:
    sender = persona("sender")
    assert sender
    parameters = response_parameters(await provider.choose_person(persona="sender"))
    assert (parameters["state"], parameters["iss"]) == ("the state", ISSUER)
    response = await provider.redeem_code(parameters["code"])
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    tokens = response.json()
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 3600, "openid")
    person_claims = {
        "sub": sender.subject,
        "vo_id": sender.subject,
        "rrn": sender.national_number,
        "given_name": "Sofie",
        "family_name": "Goossens",
    }
    id_token, access_token = await provider.verify(tokens["id_token"]), await provider.verify(tokens["access_token"])
    assert person_claims.items() <= id_token.claims.items()
    assert person_claims.items() <= access_token.claims.items()
    assert (id_token.claims["iss"], id_token.claims["aud"]) == (ISSUER, "econtracting")
    assert id_token.claims["nonce"] == "the nonce"
    assert id_token.claims["at_hash"]
    assert (access_token.header["typ"], access_token.claims["aud"]) == ("at+jwt", "econtracting")
    assert access_token.claims["client_id"] == "econtracting"
    assert "nonce" not in access_token.claims


async def test_a_url_alone_signs_nobody_in(provider: ProviderClient) -> None:
    assert (await provider.authorize(persona="admin")).status_code == 200
    assert (await provider.choose_person(persona="nobody")).status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", None),
        ("client_id", "unknown"),
        ("client_id", "authority"),
        ("redirect_uri", None),
        ("redirect_uri", REDIRECT_URI + "/"),
        ("redirect_uri", REDIRECT_URI + "?a=b"),
        ("redirect_uri", REDIRECT_URI.upper()),
        ("redirect_uri", REDIRECT_URI.replace("127.0.0.1", "localhost")),
        ("redirect_uri", "https://elsewhere.example"),
    ],
)
async def test_without_a_registered_redirect_uri_nobody_is_redirected(
    provider: ProviderClient, name: str, value: str | None
) -> None:
    for response in (await provider.authorize(**{name: value}), await provider.choose_person(**{name: value})):
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
async def test_an_invalid_request_is_answered_with_an_error_to_the_client(
    provider: ProviderClient, changes: dict[str, str | None], error: str
) -> None:
    parameters = response_parameters(await provider.choose_person(**changes))
    assert (parameters["error"], parameters["state"], parameters["iss"]) == (error, "the state", ISSUER)
    assert "code" not in parameters


async def test_a_repeated_parameter_is_refused(provider: ProviderClient) -> None:
    twice = httpx.QueryParams(AUTHORIZATION_REQUEST).add("nonce", "another")
    assert response_parameters(await provider.get("/authorize", params=twice))["error"] == "invalid_request"
    twice = httpx.QueryParams(AUTHORIZATION_REQUEST).add("redirect_uri", "https://elsewhere.example")
    assert (await provider.get("/authorize", params=twice)).status_code == 400


async def test_the_query_of_a_redirect_uri_is_kept(provider: ProviderClient) -> None:
    parameters = response_parameters(await provider.choose_person(redirect_uri=REDIRECT_URI + "?tenant=1"))
    assert parameters["tenant"] == "1"
    assert parameters["code"]


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
        ({"redirect_uri": REDIRECT_URI + "?tenant=1"}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_request"),
        ({"code_verifier": "short"}, 400, "invalid_request"),
        ({"code_verifier": "w" * 64}, 400, "invalid_grant"),
    ],
)
async def test_the_token_endpoint_refuses_with_the_errors_of_the_protocol(
    provider: ProviderClient, changes: dict[str, str | None], status: int, error: str
) -> None:
    response = await provider.redeem_code(await provider.request_code(), **changes)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in response.headers) == (status == 401)


async def test_every_attempt_to_redeem_a_code_uses_it_up(provider: ProviderClient) -> None:
    for changes in ({}, {"code_verifier": "w" * 64}, {"redirect_uri": "https://elsewhere.example"}):
        code = await provider.request_code()
        await provider.redeem_code(code, **changes)
        assert (await provider.redeem_code(code)).json()["error"] == "invalid_grant"


async def test_a_code_is_valid_for_a_minute(provider: ProviderClient) -> None:
    first, second = await provider.request_code(), await provider.request_code()
    provider.offset = 58
    assert (await provider.redeem_code(first)).status_code == 200
    provider.offset = 61
    assert (await provider.redeem_code(second)).json()["error"] == "invalid_grant"


async def test_a_client_may_authenticate_by_header_but_not_twice(provider: ProviderClient) -> None:
    header = httpx.BasicAuth("econtracting", SECRET)
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI, "code_verifier": CODE_VERIFIER}
    form |= {"code": await provider.request_code()}
    assert (await provider.post("/token", data=form, auth=header)).status_code == 200
    twice = await provider.post("/token", data=form | {"client_secret": SECRET}, auth=header)
    assert twice.json()["error"] == "invalid_request"
    another = await provider.post("/token", data=form | {"client_id": "authority"}, auth=header)
    assert another.json()["error"] == "invalid_request"
    for authorization in ("Basic", "Basic !", "Basic 6Q==", "Bearer econtracting", ""):
        response = await provider.post("/token", data=form, headers={"Authorization": authorization})
        assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


async def test_client_credentials_give_the_authoritys_system_a_token_of_its_own(provider: ProviderClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"}
    tokens = (await provider.post("/token", data=form)).json()
    claims = (await provider.verify(tokens["access_token"])).claims
    assert {
        "iss": ISSUER,
        "aud": "econtracting",
        "client_id": "authority",
        "sub": "authority",
    }.items() <= claims.items()
    assert claims["exp"] - claims["iat"] == tokens["expires_in"] == 3600
    assert claims["jti"]
    assert not {"rrn", "vo_id", "given_name"} & claims.keys()
    assert "id_token" not in tokens
    scoped = await provider.post("/token", data=form | {"scope": "openid"})
    assert scoped.json()["error"] == "invalid_scope"


async def test_only_a_form_is_accepted(provider: ProviderClient) -> None:
    for path in ("/token", "/authorize", "/keys"):
        response = await provider.post(path, json={})
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert (await provider.get("/token")).status_code == 405
    repeated = b"grant_type=client_credentials&grant_type=client_credentials&client_id=authority&client_secret=demo"
    response = await provider.post(
        "/token", content=repeated, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert response.json()["error"] == "invalid_request"


@settings(max_examples=100)
@given(
    changes=st.dictionaries(
        st.sampled_from([*AUTHORIZATION_REQUEST, "prompt", "persona", "response_mode"]), st.text(max_size=50)
    )
)
async def test_arbitrary_parameters_are_answered_or_refused(provider: ProviderClient, changes: dict[str, str]) -> None:
    for response in (await provider.authorize(**changes), await provider.choose_person(**changes)):
        assert response.status_code in (200, 303, 400)
    assert (await provider.redeem_code("x", **changes)).status_code in (400, 401)
