"""Addresses of files: signed, good for a short time, and for the viewer that they were made for.

Whoever has one needs no cookie and no token. It names the viewer, and says nothing of what that viewer may do: each
request asks again.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OctKey

from domain.actor import Actor
from domain.models import Attachment, MachineClient
from domain.refusals import FileAddressExpired, FileAddressForOther, FileAddressInvalid, NotFound
from domain.rules.overdue import HOURS
from settings import decoded_key, settings

PATH: Final = "/files/"
UPLOAD_SECONDS: Final = 3600
"""How long an address to upload to is good; another one can be asked for."""
DOWNLOAD_SECONDS: Final = 300
_HEADER: Final = {"alg": "HS256", "typ": "file+jwt"}


class Use(StrEnum):
    """What an address is for."""

    UPLOAD = "upload"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class FileAddress:
    """What an address says.

    Attributes:
        use: What it is for.
        attachment_id: The attachment's key.
        actor: The viewer that it was made for.
    """

    use: Use
    attachment_id: int
    actor: Actor


def download_url(actor: Actor, attachment_id: int, arrived_at: datetime | None) -> str | None:
    """Where the viewer finds the bytes of an attachment for five minutes; None until they have arrived."""
    if arrived_at is None:
        return None
    return _url(FileAddress(Use.DOWNLOAD, attachment_id, actor), int(time.time()) + DOWNLOAD_SECONDS)


def upload_address(actor: Actor, attachment: Attachment) -> tuple[str, datetime]:
    """Where the viewer puts the bytes of an attachment, and until when: an hour, within the day that they may take."""
    given_up = attachment.created_at + timedelta(hours=HOURS)
    expires = min(int(time.time()) + UPLOAD_SECONDS, int(given_up.timestamp()))
    return _url(FileAddress(Use.UPLOAD, attachment.id, actor), expires), datetime.fromtimestamp(expires, UTC)


async def opened(token: str, use: Use) -> FileAddress:
    """What an address says that a request came to.

    Args:
        token: The last part of its path.
        use: What the request is about.

    Raises:
        FileAddressInvalid: It is none of ours, or was changed.
        FileAddressExpired: Its time is over.
        FileAddressForOther: It is for something else.
        NotFound: The system that it was made for may not come any more.
    """
    address = _believed(token)
    if address.use is not use:
        raise FileAddressForOther(method="PUT" if address.use is Use.UPLOAD else "GET")
    await require_known(address.actor)
    return address


async def require_known(actor: Actor) -> None:
    """Goes on only if the actor is a person, or a machine client that may still come.

    Raises:
        NotFound: The machine client has ended.
    """
    if actor.authority_id is not None:
        known = MachineClient.filter(organisation_id=actor.authority_id, name=actor.name, ended_at=None)
        if not await known.exists():
            raise NotFound


def _url(address: FileAddress, expires: int) -> str:
    actor = address.actor
    claims: dict[str, Any] = {
        "use": address.use.value,
        "attachment": address.attachment_id,
        "user": actor.user_id,
        "authority": actor.authority_id,
        "organisation": actor.organisation_id,
        "name": actor.name,
        "exp": expires,
    }
    filled = {name: value for name, value in claims.items() if value is not None}
    return f"{settings().public_url}{PATH}{jwt.encode(_HEADER, filled, _key())}"


def _believed(token: str) -> FileAddress:
    try:
        signed = jwt.decode(token, _key(), algorithms=["HS256"])
        if signed.header.get("typ") != _HEADER["typ"]:
            raise FileAddressInvalid
        jwt.JWTClaimsRegistry(exp={"essential": True}).validate(signed.claims)
        claims = signed.claims
        actor = Actor(
            user_id=claims.get("user"),
            authority_id=claims.get("authority"),
            organisation_id=claims.get("organisation"),
            name=claims.get("name"),
        )
        return FileAddress(Use(claims["use"]), claims["attachment"], actor)
    except ExpiredTokenError:
        raise FileAddressExpired from None
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        # Some of these are the library's, which takes a header's values for what they should be.
        raise FileAddressInvalid from None


def _key() -> OctKey:
    return OctKey.import_key(decoded_key(settings().file_address_key))
