"""Addresses of files: signed, for one viewer and one way, for a short time."""

import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import Response
from joserfc import jwt
from joserfc.jwk import OctKey

from domain.actor import Actor
from domain.models import Attachment
from domain.refusals import FileAddressExpired, FileAddressForOther, FileAddressInvalid
from gql.files.addresses import Use, download_url, upload_address, verify
from settings import decoded_key, settings
from tests.conftest import Environment
from tests.files import PDF, announcement
from tests.gql.files.file_api import FileApi

SOMEBODY = Actor(user_id=7, organisation_id=3)


def token_of(url: str | None) -> str:
    assert url is not None
    return url.rsplit("/", 1)[1]


def signed(key: bytes | None = None, header: dict[str, str] | None = None, **claims: Any) -> str:
    given = {"use": "download", "attachment": 1, "user": 7, "exp": int(time.time()) + 60, **claims}
    held = key or decoded_key(settings().file_address_key)
    filled = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(header or {"alg": "HS256", "typ": "file+jwt"}, filled, OctKey.import_key(held))


@pytest.mark.usefixtures("environment")
async def test_an_address_says_what_it_is_for_and_for_whom():
    address = await verify(token_of(download_url(SOMEBODY, 12, datetime.now(UTC))), Use.DOWNLOAD)

    assert (address.use, address.attachment_id, address.actor) == (Use.DOWNLOAD, 12, SOMEBODY)


@pytest.mark.usefixtures("environment")
async def test_one_to_download_from_is_good_for_five_minutes():
    before = int(time.time())
    token = token_of(download_url(SOMEBODY, 12, datetime.now(UTC)))
    claims = jwt.decode(token, OctKey.import_key(decoded_key(settings().file_address_key))).claims

    assert before <= claims["exp"] - 300 <= time.time()


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(("announced_ago", "left"), [(0, 3600), (22, 3600), (23.5, 1800)])
async def test_one_to_upload_to_is_good_for_an_hour_and_no_longer_than_the_bytes_may_take(
    announced_ago: float, left: int
):
    before = datetime.now(UTC).replace(microsecond=0)
    attachment = Attachment(id=12, created_at=before - timedelta(hours=announced_ago))

    _, expires_at = upload_address(SOMEBODY, attachment)

    assert before <= expires_at - timedelta(seconds=left) <= datetime.now(UTC)


@pytest.mark.usefixtures("environment")
async def test_an_expired_one_says_so():
    with pytest.raises(FileAddressExpired):
        await verify(signed(exp=int(time.time()) - 1), Use.DOWNLOAD)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    "token",
    [
        "rubbish",
        "a.b.c",
        b64encode(b'{"alg":"HS256","crit":[7]}').decode().rstrip("=") + ".e30.AA",
        b64encode(b'{"alg":[],"crit":7}').decode().rstrip("=") + ".e30.AA",
        b64encode(b'{"alg":"none"}').decode().rstrip("=") + "." + b64encode(b"{}").decode().rstrip("=") + ".",
    ],
)
async def test_rubbish_is_none_of_ours(token: str):
    with pytest.raises(FileAddressInvalid):
        await verify(token, Use.DOWNLOAD)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    "forged",
    [
        {"key": bytes(32)},
        {"header": {"alg": "HS256", "typ": "JWT"}},
        {"header": {"alg": "HS256"}},
        {"exp": None},
        {"use": "delete"},
        {"use": None},
        {"attachment": None},
    ],
)
async def test_a_forged_one_is_none_of_ours(forged: dict[str, Any]):
    with pytest.raises(FileAddressInvalid):
        await verify(signed(**forged), Use.DOWNLOAD)


async def test_another_key_makes_all_addresses_worthless(environment: Environment):
    token = signed()
    environment.set(FILE_ADDRESS_KEY=b64encode(b"k" * 32).decode())

    with pytest.raises(FileAddressInvalid):
        await verify(token, Use.DOWNLOAD)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(("use", "other", "method"), [("upload", Use.DOWNLOAD, "PUT"), ("download", Use.UPLOAD, "GET")])
async def test_one_for_the_other_way_says_which(use: str, other: Use, method: str):
    with pytest.raises(FileAddressForOther) as refused:
        await verify(signed(use=use), other)
    assert refused.value.facts == {"method": method}


def assert_told(response: Response, status: int, code: str, refusal: str, message: str) -> None:
    told = response.json()
    assert (response.status_code, told["code"], told["refusal"], told["message"]) == (status, code, refusal, message)
    assert told["title"]


@pytest.mark.usefixtures("folder")
async def test_what_is_wrong_with_an_address_is_told_in_the_readers_language(files: FileApi):
    base = f"{settings().public_url}/files/"
    expired = await files.client.get(base + signed(exp=1), headers={"accept-language": "fr"})
    forged = await files.client.put(base + "x", content=PDF, headers={"accept-language": "de"})
    attachment = await files.upload_attachment(PDF)
    upload = await files.request_upload(await files.draft(), announcement(filename="b.pdf"))
    wrong_way = await files.client.get(upload["url"])
    other_way = await files.client.put(str(await files.download_url(attachment)), content=PDF)
    deleted = await files.client.delete(upload["url"])

    assert_told(
        expired,
        410,
        "EXPIRED",
        "FILE_ADDRESS_EXPIRED",
        "Cette adresse de fichier a expiré. Demandez-en une nouvelle.",
    )
    assert_told(
        forged,
        403,
        "FORBIDDEN",
        "FILE_ADDRESS_INVALID",
        "Diese Dateiadresse ist keine von uns. Fordern Sie eine neue an.",
    )
    dutch = "Dit bestandsadres dient enkel voor {}."
    assert_told(wrong_way, 405, "FORBIDDEN", "FILE_ADDRESS_FOR_OTHER", dutch.format("PUT"))
    assert_told(other_way, 405, "FORBIDDEN", "FILE_ADDRESS_FOR_OTHER", dutch.format("GET"))
    assert (wrong_way.headers["allow"], other_way.headers["allow"]) == ("PUT", "GET, HEAD")
    assert deleted.status_code == 405


@pytest.mark.usefixtures("folder")
async def test_an_address_of_somebody_else_gives_what_that_viewer_may_read(files: FileApi):
    attachment = await files.upload_attachment(PDF)
    for reader, status in ((files.office.colleague, 404), (files.office.authority, 404), (files.office.sender, 200)):
        url = download_url(reader, attachment.id, attachment.arrived_at)
        assert url is not None
        assert (await files.client.get(url)).status_code == status
