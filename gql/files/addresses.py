"""Addresses of files: signed, valid for a short time and for one viewer.

A request to one needs no cookie and no token. The address names the viewer but grants nothing: each request checks the
viewer's rights again.
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
from domain.rules.overdue_uploads import HOURS
from settings import decoded_key, settings

PATH: Final = "/files/"
UPLOAD_SECONDS: Final = 3600
"""How long an upload address is valid; a new one can be requested."""
DOWNLOAD_SECONDS: Final = 300
"""How long a download address is valid."""
_HEADER: Final = {"alg": "HS256", "typ": "file+jwt"}


class Use(StrEnum):
    """What an address is for."""

    UPLOAD = "upload"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class FileAddress:
    """The content of an address.

    Attributes:
        use: What it is for.
        attachment_id: The attachment's key.
        actor: The viewer that it was issued to.
    """

    use: Use
    attachment_id: int
    actor: Actor


def download_url(actor: Actor, attachment_id: int, arrived_at: datetime | None) -> str | None:
    """The download address of an attachment, valid for five minutes; None until the file has arrived."""
    if arrived_at is None:
        return None
    return _url(FileAddress(Use.DOWNLOAD, attachment_id, actor), int(time.time()) + DOWNLOAD_SECONDS)


def upload_address(actor: Actor, attachment: Attachment) -> tuple[str, datetime]:
    """The upload address of an attachment, and its expiry: in an hour, or when the attachment lapses."""
    lapses_at = attachment.created_at + timedelta(hours=HOURS)
    expires = min(int(time.time()) + UPLOAD_SECONDS, int(lapses_at.timestamp()))
    return _url(FileAddress(Use.UPLOAD, attachment.id, actor), expires), datetime.fromtimestamp(expires, UTC)


async def verify(token: str, use: Use) -> FileAddress:
    """Verifies the address of a request and returns its content.

    Args:
        token: The last segment of the path.
        use: What the request does.

    Raises:
        FileAddressInvalid: Its signature or content is invalid.
        FileAddressExpired: It has expired.
        FileAddressForOther: It is for another use.
        NotFound: The machine client that it was issued to has ended.
    """
    address = _decode(token)
    if address.use is not use:
        raise FileAddressForOther(method="PUT" if address.use is Use.UPLOAD else "GET")
    await require_active_client(address.actor)
    return address


async def require_active_client(actor: Actor) -> None:
    """Returns only if the actor is a person, or a machine client that hasn't ended.

    Raises:
        NotFound: The machine client has ended.
    """
    if actor.authority_id is not None:
        active = MachineClient.filter(organisation_id=actor.authority_id, name=actor.name, ended_at=None)
        if not await active.exists():
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
    token = jwt.encode(_HEADER, {name: value for name, value in claims.items() if value is not None}, _key())
    return f"{settings().public_url}{PATH}{token}"


def _decode(token: str) -> FileAddress:
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
        # Not only JoseError: the library doesn't check the types of header values.
        raise FileAddressInvalid from None


def _key() -> OctKey:
    return OctKey.import_key(decoded_key(settings().file_address_key))
