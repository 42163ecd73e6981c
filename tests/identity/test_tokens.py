"""Bearer tokens: which are valid, whom they authenticate, and what narrows them."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey

from domain import sealed_national_number
from domain.actor import Actor
from domain.models import MachineClient, Organisation, OrganisationKind, User
from identity.provider import close_provider, open_provider
from identity.tokens import UNKNOWN_ORGANISATION, InvalidToken, actor_of_token
from local.people import persona
from tests.identity.browser import Browser
from tests.identity.conftest import SECRET, ProviderUnderTest, key_rotation_client


@pytest.fixture
async def provider(provider_under_test: ProviderUnderTest, database: str) -> AsyncIterator[ProviderUnderTest]:
    assert database
    await open_provider()
    yield provider_under_test
    await close_provider()


@pytest.fixture
async def authority(provider: ProviderUnderTest) -> MachineClient:
    assert provider
    organisation = await Organisation.create(
        enterprise_number="0316380841", name="Agentschap Wegen en Verkeer", kind=OrganisationKind.CONTRACTING_AUTHORITY
    )
    return await MachineClient.create(client_id="authority", name="Wegenbeheer", organisation=organisation)


def claims_of(key: str = "admin", **changes: Any) -> dict[str, Any]:
    person = persona(key)
    assert person
    return {
        "sub": person.subject,
        "vo_id": person.subject,
        "rrn": person.national_number,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "client_id": "econtracting",
    } | changes


async def reason_of_refusal(token: str) -> str:
    with pytest.raises(InvalidToken) as refusal:
        await actor_of_token(token)
    assert refusal.value.challenge == 'Bearer error="invalid_token"'
    return str(refusal.value)


async def test_a_machine_client_acts_for_its_contracting_authority(
    provider: ProviderUnderTest, authority: MachineClient
) -> None:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as machine:
        response = await machine.post(
            f"{provider.issuer}/token",
            data={"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"},
        )
    actor = await actor_of_token(response.json()["access_token"])
    assert actor == Actor(authority_id=authority.organisation_id, name="Wegenbeheer")


async def test_a_machine_client_is_identified_by_client_id_or_azp(
    provider: ProviderUnderTest, authority: MachineClient
) -> None:
    for token in (provider.token(client_id="authority"), provider.token(azp="authority", sub="authority")):
        assert (await actor_of_token(token)).authority_id == authority.organisation_id


async def test_an_ended_or_unknown_machine_client_is_refused(
    provider: ProviderUnderTest, authority: MachineClient
) -> None:
    assert await reason_of_refusal(provider.token(client_id="another", sub="another")) == "no such machine client"
    await MachineClient.filter(id=authority.id).update(ended_at=datetime.now(UTC))
    assert await reason_of_refusal(provider.token(client_id="authority", sub="authority")) == "no such machine client"


@pytest.mark.usefixtures("authority")
async def test_a_persons_token_never_authenticates_the_machine_client(provider: ProviderUnderTest) -> None:
    personal_claims: list[dict[str, Any]] = [
        {"sub": "a"},
        {"vo_id": "a"},
        {"rrn": "85073003328"},
        {"rrn": ""},
        {"sub": 7},
    ]
    for claims in personal_claims:
        assert await reason_of_refusal(provider.token(client_id="authority", **claims)) != ""


async def test_a_person_is_identified_by_number_or_else_by_subject(provider: ProviderUnderTest) -> None:
    admin = persona("admin")
    assert admin
    columns = sealed_national_number.number_columns(admin.national_number)
    user = await User.create(given_name="B", family_name="W", subject=admin.subject, **columns)
    for claims in (claims_of(), claims_of(rrn=None), claims_of(vo_id=None), claims_of(vo_id="another")):
        assert await actor_of_token(provider.token(**claims)) == Actor(user_id=user.id)
    assert (await User.get()).given_name == "B"


async def test_a_new_person_is_created_from_the_claims_of_the_first_token(provider: ProviderUnderTest) -> None:
    actor = await actor_of_token(provider.token(**claims_of("newcomer")))
    user = await User.get()
    assert (actor.user_id, user.given_name, user.family_name) == (user.id, "Maarten", "Van de Velde")
    assert await actor_of_token(provider.token(**claims_of("newcomer"))) == actor
    assert await reason_of_refusal(provider.token(**claims_of("admin", rrn=None))) != ""
    assert await User.all().count() == 1


async def test_a_frontend_on_another_origin_uses_the_access_token_of_the_code_flow(browser: Browser) -> None:
    redirect_uri = f"{browser.application}/signin/callback"
    authorization_url = await browser.start_sign_in()
    code_verifier = "v" * 43
    code_challenge = encode_base64url(hashlib.sha256(code_verifier.encode()).digest())
    callback_url = await browser.choose_person(
        str(httpx.URL(authorization_url).copy_set_param("code_challenge", code_challenge)), "sender"
    )
    form = {
        "grant_type": "authorization_code",
        "code": httpx.URL(callback_url).params["code"],
        "redirect_uri": redirect_uri,
        "code_verifier": code_verifier,
        "client_id": "econtracting",
        "client_secret": SECRET,
    }
    tokens = (await browser.post(httpx.URL(authorization_url).join("/token"), data=form)).json()
    response = await browser.get(
        f"{browser.application}/whoami", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert response.json()["user_id"] == (await User.get()).id
    id_token_header = {"Authorization": f"Bearer {tokens['id_token']}"}
    response = await browser.get(f"{browser.application}/whoami", headers=id_token_header)
    assert (response.status_code, response.json()) == (401, {"error": "not an access token"})


async def test_a_token_that_names_an_organisation_narrows_the_person_to_it(provider: ProviderUnderTest) -> None:
    organisation = await Organisation.create(
        enterprise_number="0403019261", name="Aannemingen", kind=OrganisationKind.ENTERPRISE
    )
    for enterprise_number in ("0403019261", "BE 0403.019.261"):
        actor = await actor_of_token(provider.token(**claims_of(vo_orgcode=enterprise_number)))
        assert actor.organisation_id == organisation.id
    for enterprise_number in ("0123456749", "OVO000123", "0403019262"):
        actor = await actor_of_token(provider.token(**claims_of(vo_orgcode=enterprise_number)))
        assert actor.organisation_id == UNKNOWN_ORGANISATION
    for absent in (None, ""):
        assert (await actor_of_token(provider.token(**claims_of(vo_orgcode=absent)))).organisation_id is None


async def test_the_provider_may_sign_with_either_algorithm(provider: ProviderUnderTest) -> None:
    for algorithm in ("ES256", "RS256"):
        async with key_rotation_client() as client:
            assert (await client.post(f"{provider.issuer}/keys", data={"alg": algorithm})).status_code == 204
        assert provider.key().alg == algorithm
        assert (await actor_of_token(provider.token(**claims_of()))).signed_in


async def test_a_token_of_another_issuer_audience_or_time_is_refused(provider: ProviderUnderTest) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"iss": "https://elsewhere.example"}, "invalid_claim"),
        ({"iss": None}, "missing_claim"),
        ({"aud": "another"}, "invalid_claim"),
        ({"aud": ["another", "third"]}, "invalid_claim"),
        ({"aud": None}, "missing_claim"),
        ({"aud": []}, "invalid_claim"),
        ({"exp": None}, "missing_claim"),
        ({"exp": 0}, "expired_token"),
        ({"exp": "tomorrow"}, "invalid_claim"),
        ({"iat": None}, "missing_claim"),
        ({"nonce": "n"}, "not an access token"),
    ]
    for claims, reason in cases:
        assert await reason_of_refusal(provider.token(**claims_of() | claims)) == reason


async def test_clock_skew_of_half_a_minute_is_tolerated(provider: ProviderUnderTest) -> None:
    for claim, seconds in (("exp", -15), ("nbf", 25), ("iat", 25)):
        claims = {claim: int(time.time()) + seconds}
        assert (await actor_of_token(provider.token(**claims_of() | claims))).signed_in
    for claim, seconds, reason in (
        ("exp", -35, "expired_token"),
        ("nbf", 60, "invalid_claim"),
        ("iat", 60, "invalid_claim"),
    ):
        claims = {claim: int(time.time()) + seconds}
        assert await reason_of_refusal(provider.token(**claims_of() | claims)) == reason


async def test_a_token_may_have_further_audiences(provider: ProviderUnderTest) -> None:
    assert (await actor_of_token(provider.token(**claims_of(aud=["another", "econtracting"])))).signed_in


async def test_a_token_signed_with_a_foreign_key_is_refused(provider: ProviderUnderTest) -> None:
    key = provider.key()
    for foreign_key in (RSAKey.generate_key(2048, {"alg": "RS256"}), ECKey.generate_key("P-256", {"alg": "ES256"})):
        assert await reason_of_refusal(provider.token(key=foreign_key, header={"kid": key.kid}, **claims_of())) != ""
        assert (
            await reason_of_refusal(provider.token(key=foreign_key, header={"kid": "unknown"}, **claims_of()))
            == "invalid_key_id"
        )


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_a_token_signed_with_our_public_key_as_a_secret_is_refused(provider: ProviderUnderTest) -> None:
    key = provider.key()
    assert isinstance(key, RSAKey)
    for secret in (key.as_pem(private=False), json.dumps(key.as_dict()).encode()):
        unsigned = with_header(provider.token(**claims_of()), alg="HS256").rpartition(".")[0]
        signature = hmac.digest(secret, unsigned.encode(), "sha256")
        assert await reason_of_refusal(f"{unsigned}.{encode_base64url(signature)}") == "unsupported_algorithm"


async def test_a_token_of_any_other_algorithm_is_refused(provider: ProviderUnderTest) -> None:
    token = provider.token(**claims_of())
    for algorithm in ("none", "None", "NONE", "HS512", "RS384", "PS256", "ES512", "EdDSA", ""):
        changed = with_header(token, alg=algorithm)
        assert (
            await reason_of_refusal(changed)
            == await reason_of_refusal(changed.rpartition(".")[0] + ".")
            == "unsupported_algorithm"
        )


async def test_a_key_in_the_token_itself_is_not_used(provider: ProviderUnderTest) -> None:
    foreign_key = ECKey.generate_key("P-256", {"alg": "ES256"})
    for header in (
        {"jwk": foreign_key.as_dict(private=False)},
        {"jku": f"{provider.issuer}/elsewhere"},
        {"x5u": f"{provider.issuer}/elsewhere"},
        {"x5c": ["MIIB"]},
    ):
        token = provider.token(key=foreign_key, header=header | {"kid": provider.key().kid}, **claims_of())
        assert await reason_of_refusal(token) != ""
    assert "/elsewhere" not in provider.app.requested_paths


async def test_unknown_header_parameters_are_ignored(provider: ProviderUnderTest) -> None:
    assert (await actor_of_token(provider.token(header={"pi.atm": "1", "typ": None}, **claims_of()))).signed_in
    assert await reason_of_refusal(provider.token(header={"typ": "logout+jwt"}, **claims_of())) == "not an access token"


async def test_critical_header_parameters_are_refused_before_the_signature_is_verified(
    provider: ProviderUnderTest,
) -> None:
    for critical in (["pi.atm"], ["exp"], ["pi.atm", "b64"], "pi.atm", [7], 7):
        token = with_header(provider.token(**claims_of()), crit=critical)
        assert await reason_of_refusal(token) not in {"", "bad_signature"}, critical


async def test_a_token_without_a_key_id_is_verified_with_the_keys_of_its_algorithm(provider: ProviderUnderTest) -> None:
    token = provider.token(header={"kid": None}, **claims_of())
    assert (await actor_of_token(token)).signed_in
    foreign_key = RSAKey.generate_key(2048, {"alg": "RS256"})
    assert await reason_of_refusal(provider.token(key=foreign_key, header={"kid": None}, **claims_of())) != ""


async def test_each_missing_claim_is_refused(provider: ProviderUnderTest) -> None:
    for name in ("iss", "aud", "exp", "iat"):
        assert await reason_of_refusal(provider.token(**claims_of() | {name: None})) == "missing_claim"


async def test_a_huge_token_is_refused_with_at_most_one_request_to_the_provider(provider: ProviderUnderTest) -> None:
    await actor_of_token(provider.token(**claims_of()))
    before = len(provider.app.requested_paths)
    huge = [
        provider.token(**claims_of(note="a" * 500_000))[:-4] + "AAAA",
        "a" * 1_000_000,
        "." * 100_000,
        encode_base64url(b'{"alg":"RS256","kid":"' + b"a" * 100_000 + b'"}') + ".e30.AA",
        encode_base64url(b'{"alg":' + b"[" * 50_000) + ".e30.AA",
    ]
    for token in huge:
        await reason_of_refusal(token)
    # One of them names an unknown key, for which the keys are fetched again.
    assert provider.app.requested_paths[before:] in ([], ["/jwks"])


def encode_base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def with_header(token: str, **changes: Any) -> str:
    header, _, rest = token.partition(".")
    return (
        f"{encode_base64url(json.dumps(json.loads(base64.urlsafe_b64decode(header + '==')) | changes).encode())}.{rest}"
    )


@hypothesis_settings(max_examples=200)
@given(token=st.text() | st.lists(st.text("eyJhbGciOiJub25lIn0_-=", max_size=20), min_size=1, max_size=6).map(".".join))
async def test_arbitrary_text_is_refused(provider: ProviderUnderTest, token: str) -> None:
    assert provider
    await reason_of_refusal(token)


@hypothesis_settings(max_examples=100)
@given(
    header=st.dictionaries(
        st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x5c", "cty"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers() | st.text()) | st.just({}),
        min_size=1,
    )
)
async def test_a_token_with_an_arbitrary_header_is_refused(provider: ProviderUnderTest, header: dict[str, Any]) -> None:
    await reason_of_refusal(with_header(provider.token(**claims_of()), **header | {"note": "changed"}))


@hypothesis_settings(max_examples=100)
@given(
    claims=st.dictionaries(
        st.sampled_from(["sub", "vo_id", "rrn", "client_id", "azp", "vo_orgcode", "typ", "given_name", "nbf"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
    )
)
async def test_a_token_with_arbitrary_claims_is_accepted_or_refused(
    provider: ProviderUnderTest, claims: dict[str, Any]
) -> None:
    try:
        actor = await actor_of_token(provider.token(**claims))
    except InvalidToken:
        return
    assert actor.user_id is not None
