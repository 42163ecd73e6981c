"""The provider's keys: kept over a restart, changed on demand, published as long as their tokens count."""

import json
from pathlib import Path

from local.identity_provider.keys import KeyRing
from local.identity_provider.tokens import ACCESS_TOKEN_SECONDS
from tests.local.provider_client import SECRET, ProviderClient


async def test_keys_outlive_a_restart(tmp_path: Path) -> None:
    async with ProviderClient(tmp_path) as before:
        tokens = (await before.redeem(await before.code())).json()
        published = (await before.get("/jwks")).json()
    async with ProviderClient(tmp_path) as after:
        assert (await after.get("/jwks")).json() == published
        assert (await after.read(tokens["id_token"])).claims["given_name"] == "Bart"


async def test_an_old_key_stays_published_until_its_tokens_have_expired(tmp_path: Path) -> None:
    async with ProviderClient(tmp_path) as provider:
        old = (await provider.redeem(await provider.code())).json()["access_token"]
        await rotate(provider)
        new = (await provider.redeem(await provider.code())).json()["access_token"]
        assert (await provider.read(old)).header["kid"] != (await provider.read(new)).header["kid"]
        provider.offset = ACCESS_TOKEN_SECONDS - 5
        assert len((await provider.keys()).keys) == 2
        provider.offset = ACCESS_TOKEN_SECONDS + 5
        assert [key.kid for key in await provider.keys()] == [(await provider.read(new)).header["kid"]]
        await rotate(provider)
        assert len((await provider.keys()).keys) == 2


async def test_another_algorithm_may_take_over(tmp_path: Path) -> None:
    async with ProviderClient(tmp_path) as provider:
        await rotate(provider, alg="ES256")
        token = await provider.read((await provider.redeem(await provider.code())).json()["id_token"])
        assert token.header["alg"] == "ES256"
        refused = await provider.post("/keys", data={"alg": "HS256"}, auth=("econtracting", SECRET))
        assert refused.json()["error"] == "invalid_request"


async def test_only_a_client_has_them_changed(tmp_path: Path) -> None:
    async with ProviderClient(tmp_path) as provider:
        before = (await provider.get("/jwks")).json()
        refused = await provider.post("/keys", data={"alg": "RS256"}, auth=("econtracting", "wrong"))
        assert refused.status_code == 401
        assert (await provider.get("/jwks")).json() == before


async def test_private_halves_are_not_published(tmp_path: Path) -> None:
    async with ProviderClient(tmp_path) as provider:
        for key in (await provider.get("/jwks")).json()["keys"]:
            assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    KeyRing(tmp_path, 60).rotate()
    file = tmp_path / "keys.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())[0]["key"]["d"]
    assert list(tmp_path.iterdir()) == [file]


def test_a_half_written_file_of_a_crash_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "keys.unfinished").write_text("{")
    ring = KeyRing(tmp_path, 60)
    assert KeyRing(tmp_path, 60).signing.kid == ring.signing.kid


async def rotate(provider: ProviderClient, **form: str) -> None:
    response = await provider.post("/keys", data={"alg": "RS256"} | form, auth=("econtracting", SECRET))
    assert response.status_code == 204
