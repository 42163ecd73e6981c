"""Bearer tokens: which are believed, whom they stand for, and what narrows them."""

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
from tests.identity.conftest import SECRET, ProviderUnderTest, an_operator

Provided = ProviderUnderTest


@pytest.fixture
async def provider(provider_under_test: Provided, database: str) -> AsyncIterator[Provided]:
    assert database
    await open_provider()
    yield provider_under_test
    await close_provider()


@pytest.fixture
async def authority(provider: Provided) -> MachineClient:
    assert provider
    organisation = await Organisation.create(
        enterprise_number="0316380841", name="Agentschap Wegen en Verkeer", kind=OrganisationKind.CONTRACTING_AUTHORITY
    )
    return await MachineClient.create(client_id="authority", name="Wegenbeheer", organisation=organisation)


def of_person(key: str = "admin", **others: Any) -> dict[str, Any]:
    person = persona(key)
    assert person
    return {
        "sub": person.subject,
        "vo_id": person.subject,
        "rrn": person.national_number,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "client_id": "econtracting",
    } | others


async def refused(token: str) -> str:
    with pytest.raises(InvalidToken) as refusal:
        await actor_of_token(token)
    assert refusal.value.challenge == 'Bearer error="invalid_token"'
    return str(refusal.value)


async def test_a_machine_is_its_contracting_authority(provider: Provided, authority: MachineClient) -> None:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as machine:
        answer = await machine.post(
            f"{provider.issuer}/token",
            data={"grant_type": "client_credentials", "client_id": "authority", "client_secret": "demo"},
        )
    actor = await actor_of_token(answer.json()["access_token"])
    assert actor == Actor(authority_id=authority.organisation_id, name="Wegenbeheer")


async def test_a_machine_is_known_by_client_id_or_azp(provider: Provided, authority: MachineClient) -> None:
    for token in (provider.token(client_id="authority"), provider.token(azp="authority", sub="authority")):
        assert (await actor_of_token(token)).authority_id == authority.organisation_id


async def test_a_machine_that_was_ended_or_never_was_is_refused(provider: Provided, authority: MachineClient) -> None:
    assert await refused(provider.token(client_id="another", sub="another")) == "no such machine client"
    await MachineClient.filter(id=authority.id).update(ended_at=datetime.now(UTC))
    assert await refused(provider.token(client_id="authority", sub="authority")) == "no such machine client"


@pytest.mark.usefixtures("authority")
async def test_a_person_never_passes_for_the_machine_of_the_same_client(provider: Provided) -> None:
    persons: list[dict[str, Any]] = [{"sub": "a"}, {"vo_id": "a"}, {"rrn": "85073003328"}, {"rrn": ""}, {"sub": 7}]
    for claims in persons:
        assert await refused(provider.token(client_id="authority", **claims)) != ""


async def test_a_person_is_known_by_number_and_failing_that_by_subject(provider: Provided) -> None:
    admin = persona("admin")
    assert admin
    columns = sealed_national_number.number_columns(admin.national_number)
    user = await User.create(given_name="B", family_name="W", subject=admin.subject, **columns)
    for claims in (of_person(), of_person(rrn=None), of_person(vo_id=None), of_person(vo_id="another")):
        assert await actor_of_token(provider.token(**claims)) == Actor(user_id=user.id)
    assert (await User.get()).given_name == "B"


async def test_a_person_who_is_new_is_made_from_the_claims_of_the_first_token(provider: Provided) -> None:
    actor = await actor_of_token(provider.token(**of_person("newcomer")))
    user = await User.get()
    assert (actor.user_id, user.given_name, user.family_name) == (user.id, "Maarten", "Van de Velde")
    assert await actor_of_token(provider.token(**of_person("newcomer"))) == actor
    assert await refused(provider.token(**of_person("admin", rrn=None))) != ""
    assert await User.all().count() == 1


async def test_a_frontend_elsewhere_calls_with_the_token_of_the_code_flow(browser: Browser) -> None:
    redirect = f"{browser.application}/signin/callback"
    address = await browser.begin()
    verifier = "v" * 43
    challenge = encoded(hashlib.sha256(verifier.encode()).digest())
    back = await browser.choose(str(httpx.URL(address).copy_set_param("code_challenge", challenge)), "sender")
    form = {
        "grant_type": "authorization_code",
        "code": httpx.URL(back).params["code"],
        "redirect_uri": redirect,
        "code_verifier": verifier,
        "client_id": "econtracting",
        "client_secret": SECRET,
    }
    answer = (await browser.post(httpx.URL(address).join("/token"), data=form)).json()
    called = await browser.get(
        f"{browser.application}/who", headers={"Authorization": f"Bearer {answer['access_token']}"}
    )
    assert called.json()["user_id"] == (await User.get()).id
    with_id_token = {"Authorization": f"Bearer {answer['id_token']}"}
    refusal = await browser.get(f"{browser.application}/who", headers=with_id_token)
    assert (refusal.status_code, refusal.json()) == (401, {"refused": "not an access token"})


async def test_a_token_that_names_an_organisation_narrows_the_person_to_it(provider: Provided) -> None:
    organisation = await Organisation.create(
        enterprise_number="0403019261", name="Aannemingen", kind=OrganisationKind.ENTERPRISE
    )
    for named in ("0403019261", "BE 0403.019.261"):
        actor = await actor_of_token(provider.token(**of_person(vo_orgcode=named)))
        assert actor.organisation_id == organisation.id
    for named in ("0123456749", "OVO000123", "0403019262"):
        actor = await actor_of_token(provider.token(**of_person(vo_orgcode=named)))
        assert actor.organisation_id == UNKNOWN_ORGANISATION
    for unnamed in (None, ""):
        assert (await actor_of_token(provider.token(**of_person(vo_orgcode=unnamed)))).organisation_id is None


async def test_the_provider_may_sign_with_either_algorithm(provider: Provided) -> None:
    for algorithm in ("ES256", "RS256"):
        async with an_operator() as operator:
            assert (await operator.post(f"{provider.issuer}/keys", data={"alg": algorithm})).status_code == 204
        assert provider.key().alg == algorithm
        assert (await actor_of_token(provider.token(**of_person()))).signed_in


async def test_a_token_of_another_issuer_audience_or_time_is_refused(provider: Provided) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
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
    for claims, cause in wrong:
        assert await refused(provider.token(**of_person() | claims)) == cause


async def test_clocks_may_differ_by_half_a_minute(provider: Provided) -> None:
    for claim, seconds in (("exp", -15), ("nbf", 25), ("iat", 25)):
        claims = {claim: int(time.time()) + seconds}
        assert (await actor_of_token(provider.token(**of_person() | claims))).signed_in
    for claim, seconds, cause in (
        ("exp", -35, "expired_token"),
        ("nbf", 60, "invalid_claim"),
        ("iat", 60, "invalid_claim"),
    ):
        claims = {claim: int(time.time()) + seconds}
        assert await refused(provider.token(**of_person() | claims)) == cause


async def test_a_token_may_be_for_others_too(provider: Provided) -> None:
    assert (await actor_of_token(provider.token(**of_person(aud=["another", "econtracting"])))).signed_in


async def test_a_token_that_another_key_signed_is_refused(provider: Provided) -> None:
    ours = provider.key()
    for stranger in (RSAKey.generate_key(2048, {"alg": "RS256"}), ECKey.generate_key("P-256", {"alg": "ES256"})):
        assert await refused(provider.token(key=stranger, header={"kid": ours.kid}, **of_person())) != ""
        assert await refused(provider.token(key=stranger, header={"kid": "unknown"}, **of_person())) == "invalid_key_id"


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_a_token_signed_with_our_public_key_as_a_secret_is_refused(provider: Provided) -> None:
    ours = provider.key()
    assert isinstance(ours, RSAKey)
    for secret in (ours.as_pem(private=False), json.dumps(ours.as_dict()).encode()):
        unsigned = with_header(provider.token(**of_person()), alg="HS256").rpartition(".")[0]
        signature = hmac.digest(secret, unsigned.encode(), "sha256")
        assert await refused(f"{unsigned}.{encoded(signature)}") == "unsupported_algorithm"


async def test_a_token_of_any_other_algorithm_is_refused(provider: Provided) -> None:
    token = provider.token(**of_person())
    for algorithm in ("none", "None", "NONE", "HS512", "RS384", "PS256", "ES512", "EdDSA", ""):
        other = with_header(token, alg=algorithm)
        assert await refused(other) == await refused(other.rpartition(".")[0] + ".") == "unsupported_algorithm"


async def test_a_key_that_the_token_brings_along_is_not_used(provider: Provided) -> None:
    stranger = ECKey.generate_key("P-256", {"alg": "ES256"})
    for header in (
        {"jwk": stranger.as_dict(private=False)},
        {"jku": f"{provider.issuer}/elsewhere"},
        {"x5u": f"{provider.issuer}/elsewhere"},
        {"x5c": ["MIIB"]},
    ):
        token = provider.token(key=stranger, header=header | {"kid": provider.key().kid}, **of_person())
        assert await refused(token) != ""
    assert "/elsewhere" not in provider.app.requests


async def test_what_a_header_says_beside_is_of_no_account(provider: Provided) -> None:
    assert (await actor_of_token(provider.token(header={"pi.atm": "1", "typ": None}, **of_person()))).signed_in
    assert await refused(provider.token(header={"typ": "logout+jwt"}, **of_person())) == "not an access token"


async def test_what_a_header_calls_critical_is_refused_before_its_signature_is_looked_at(provider: Provided) -> None:
    for critical in (["pi.atm"], ["exp"], ["pi.atm", "b64"], "pi.atm", [7], 7):
        header = with_header(provider.token(**of_person()), crit=critical)
        assert await refused(header) not in {"", "bad_signature"}, critical


async def test_a_token_without_a_key_id_is_checked_against_the_keys_of_its_algorithm(provider: Provided) -> None:
    token = provider.token(header={"kid": None}, **of_person())
    assert (await actor_of_token(token)).signed_in
    stranger = RSAKey.generate_key(2048, {"alg": "RS256"})
    assert await refused(provider.token(key=stranger, header={"kid": None}, **of_person())) != ""


async def test_each_claim_that_a_token_lacks_is_missed(provider: Provided) -> None:
    for name in ("iss", "aud", "exp", "iat"):
        assert await refused(provider.token(**of_person() | {name: None})) == "missing_claim"


async def test_a_huge_token_is_refused_and_nothing_is_asked_for_it(provider: Provided) -> None:
    await actor_of_token(provider.token(**of_person()))
    asked = len(provider.app.requests)
    huge = [
        provider.token(**of_person(note="a" * 500_000))[:-4] + "AAAA",
        "a" * 1_000_000,
        "." * 100_000,
        encoded(b'{"alg":"RS256","kid":"' + b"a" * 100_000 + b'"}') + ".e30.AA",
        encoded(b'{"alg":' + b"[" * 50_000) + ".e30.AA",
    ]
    for token in huge:
        await refused(token)
    # One of them names a key that the provider may have got meanwhile.
    assert provider.app.requests[asked:] in ([], ["/jwks"])


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def with_header(token: str, **changes: Any) -> str:
    head, _, rest = token.partition(".")
    return f"{encoded(json.dumps(json.loads(base64.urlsafe_b64decode(head + '==')) | changes).encode())}.{rest}"


@hypothesis_settings(max_examples=200)
@given(token=st.text() | st.lists(st.text("eyJhbGciOiJub25lIn0_-=", max_size=20), min_size=1, max_size=6).map(".".join))
async def test_what_is_no_token_is_refused(provider: Provided, token: str) -> None:
    assert provider
    await refused(token)


@hypothesis_settings(max_examples=100)
@given(
    header=st.dictionaries(
        st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x5c", "cty"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers() | st.text()) | st.just({}),
        min_size=1,
    )
)
async def test_whatever_a_header_says_the_token_is_taken_or_refused(provider: Provided, header: dict[str, Any]) -> None:
    await refused(with_header(provider.token(**of_person()), **header | {"note": "changed"}))


@hypothesis_settings(max_examples=100)
@given(
    claims=st.dictionaries(
        st.sampled_from(["sub", "vo_id", "rrn", "client_id", "azp", "vo_orgcode", "typ", "given_name", "nbf"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
    )
)
async def test_whatever_a_token_claims_it_is_taken_or_refused(provider: Provided, claims: dict[str, Any]) -> None:
    try:
        actor = await actor_of_token(provider.token(**claims))
    except InvalidToken:
        return
    assert actor.user_id is not None
