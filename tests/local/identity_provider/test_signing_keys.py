"""The provider's keys: they survive a restart, rotate on demand, and stay published while their tokens are valid."""

import json
from pathlib import Path

from local.identity_provider.signing_keys import KeyRing
from local.identity_provider.tokens import ACCESS_TOKEN_SECONDS
from tests.local.identity_provider.provider_client import SECRET, ProviderClient


async def test_keys_survive_a_restart(tmp_path: Path) -> None:
    async with ProviderClient(tmp_path) as before:
        tokens = (await before.redeem_code(await before.request_code())).json()
        published = (await before.get("/jwks")).json()
    async with ProviderClient(tmp_path) as after:
        assert (await after.get("/jwks")).json() == published
        assert (await after.verify(tokens["id_token"])).claims["given_name"] == "Bart"


async def test_an_old_key_stays_published_until_its_tokens_have_expired(tmp_path: Path) -> None:
    async with ProviderClient(tmp_path) as provider:
        old = (await provider.redeem_code(await provider.request_code())).json()["access_token"]
        await rotate(provider)
        new = (await provider.redeem_code(await provider.request_code())).json()["access_token"]
        assert (await provider.verify(old)).header["kid"] != (await provider.verify(new)).header["kid"]
        provider.offset = ACCESS_TOKEN_SECONDS - 5
        assert len((await provider.fetch_keys()).keys) == 2
        provider.offset = ACCESS_TOKEN_SECONDS + 5
        assert [key.kid for key in await provider.fetch_keys()] == [(await provider.verify(new)).header["kid"]]
        await rotate(provider)
        assert len((await provider.fetch_keys()).keys) == 2


async def test_a_rotation_may_change_the_algorithm(tmp_path: Path) -> None:
    async with ProviderClient(tmp_path) as provider:
        await rotate(provider, alg="ES256")
        token = await provider.verify((await provider.redeem_code(await provider.request_code())).json()["id_token"])
        assert token.header["alg"] == "ES256"
        response = await provider.post("/keys", data={"alg": "HS256"}, auth=("econtracting", SECRET))
        assert response.json()["error"] == "invalid_request"


async def test_only_a_client_may_rotate_the_keys(tmp_path: Path) -> None:
    async with ProviderClient(tmp_path) as provider:
        before = (await provider.get("/jwks")).json()
        response = await provider.post("/keys", data={"alg": "RS256"}, auth=("econtracting", "wrong"))
        assert response.status_code == 401
        assert (await provider.get("/jwks")).json() == before


async def test_private_keys_are_not_published(tmp_path: Path) -> None:
    async with ProviderClient(tmp_path) as provider:
        for key in (await provider.get("/jwks")).json()["keys"]:
            assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    KeyRing(tmp_path, 60).rotate()
    file = tmp_path / "keys.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())[0]["key"]["d"]
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_a_crash_left_unfinished_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "keys.unfinished").write_text("{")
    keys = KeyRing(tmp_path, 60)
    assert KeyRing(tmp_path, 60).current.kid == keys.current.kid


async def rotate(provider: ProviderClient, **form: str) -> None:
    response = await provider.post("/keys", data={"alg": "RS256"} | form, auth=("econtracting", SECRET))
    assert response.status_code == 204
