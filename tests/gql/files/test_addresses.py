"""Addresses of files: signed tokens, each for one viewer, for download or upload, for a short time."""

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


def signed_token(key: bytes | None = None, header: dict[str, str] | None = None, **claims: Any) -> str:
    """A valid token, but for what the arguments change; a claim of None is left out."""
    all_claims = {"use": "download", "attachment": 1, "user": 7, "exp": int(time.time()) + 60, **claims}
    signing_key = key or decoded_key(settings().file_address_key)
    present_claims = {name: value for name, value in all_claims.items() if value is not None}
    return jwt.encode(header or {"alg": "HS256", "typ": "file+jwt"}, present_claims, OctKey.import_key(signing_key))


@pytest.mark.usefixtures("environment")
async def test_an_address_names_its_use_its_attachment_and_its_viewer():
    address = await verify(token_of(download_url(SOMEBODY, 12, datetime.now(UTC))), Use.DOWNLOAD)

    assert (address.use, address.attachment_id, address.actor) == (Use.DOWNLOAD, 12, SOMEBODY)


@pytest.mark.usefixtures("environment")
async def test_a_download_address_is_valid_for_five_minutes():
    before = int(time.time())
    token = token_of(download_url(SOMEBODY, 12, datetime.now(UTC)))
    claims = jwt.decode(token, OctKey.import_key(decoded_key(settings().file_address_key))).claims

    assert before <= claims["exp"] - 300 <= time.time()


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(("hours_since_announced", "seconds_left"), [(0, 3600), (22, 3600), (23.5, 1800)])
async def test_an_upload_address_is_valid_for_an_hour_but_not_beyond_the_24_hours_of_the_upload(
    hours_since_announced: float, seconds_left: int
):
    before = datetime.now(UTC).replace(microsecond=0)
    attachment = Attachment(id=12, created_at=before - timedelta(hours=hours_since_announced))

    _, expires_at = upload_address(SOMEBODY, attachment)

    assert before <= expires_at - timedelta(seconds=seconds_left) <= datetime.now(UTC)


@pytest.mark.usefixtures("environment")
async def test_an_expired_address_is_refused_as_expired():
    with pytest.raises(FileAddressExpired):
        await verify(signed_token(exp=int(time.time()) - 1), Use.DOWNLOAD)


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
async def test_a_malformed_token_is_refused(token: str):
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
async def test_a_forged_token_is_refused(forged: dict[str, Any]):
    with pytest.raises(FileAddressInvalid):
        await verify(signed_token(**forged), Use.DOWNLOAD)


async def test_another_signing_key_invalidates_all_addresses(environment: Environment):
    token = signed_token()
    environment.set(FILE_ADDRESS_KEY=b64encode(b"k" * 32).decode())

    with pytest.raises(FileAddressInvalid):
        await verify(token, Use.DOWNLOAD)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(("use", "other", "method"), [("upload", Use.DOWNLOAD, "PUT"), ("download", Use.UPLOAD, "GET")])
async def test_an_address_for_the_other_use_is_refused_with_its_method(use: str, other: Use, method: str):
    with pytest.raises(FileAddressForOther) as refusal:
        await verify(signed_token(use=use), other)
    assert refusal.value.facts == {"method": method}


def assert_problem(response: Response, status: int, code: str, refusal: str, message: str) -> None:
    problem = response.json()
    assert (response.status_code, problem["code"], problem["refusal"], problem["message"]) == (
        status,
        code,
        refusal,
        message,
    )
    assert problem["title"]


@pytest.mark.usefixtures("folder_store")
async def test_an_address_is_refused_in_the_language_of_the_request(files: FileApi):
    base = f"{settings().public_url}/files/"

    expired = await files.client.get(base + signed_token(exp=1), headers={"accept-language": "fr"})
    forged = await files.client.put(base + "x", content=PDF, headers={"accept-language": "de"})

    french = "Cette adresse de fichier a expiré. Demandez-en une nouvelle."
    german = "Diese Dateiadresse ist keine von uns. Fordern Sie eine neue an."
    assert_problem(expired, 410, "EXPIRED", "FILE_ADDRESS_EXPIRED", french)
    assert_problem(forged, 403, "FORBIDDEN", "FILE_ADDRESS_INVALID", german)


@pytest.mark.usefixtures("folder_store")
async def test_an_address_allows_only_the_methods_of_its_use(files: FileApi):
    download = str(await files.download_url(await files.upload_attachment(PDF)))
    upload = (await files.request_upload(await files.draft(), announcement(filename="b.pdf")))["url"]

    download_from_upload_address = await files.client.get(upload)
    upload_to_download_address = await files.client.put(download, content=PDF)
    deletion = await files.client.delete(upload)

    dutch = "Dit bestandsadres dient enkel voor {}."
    assert_problem(download_from_upload_address, 405, "FORBIDDEN", "FILE_ADDRESS_FOR_OTHER", dutch.format("PUT"))
    assert_problem(upload_to_download_address, 405, "FORBIDDEN", "FILE_ADDRESS_FOR_OTHER", dutch.format("GET"))
    assert download_from_upload_address.headers["allow"] == "PUT"
    assert upload_to_download_address.headers["allow"] == "GET, HEAD"
    assert deletion.status_code == 405


@pytest.mark.usefixtures("folder_store")
async def test_an_address_serves_what_the_viewer_it_names_may_read(files: FileApi):
    attachment = await files.upload_attachment(PDF)
    for reader, status in ((files.office.colleague, 404), (files.office.authority, 404), (files.office.sender, 200)):
        url = download_url(reader, attachment.id, attachment.arrived_at)
        assert url is not None
        assert (await files.client.get(url)).status_code == status
