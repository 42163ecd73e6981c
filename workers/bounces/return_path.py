"""The return path: an envelope sender for each sending, so that a mail that comes back tells which it was (VERP).

    bounces+<delivery>-<sending>-<random id>@e-contracting.example

The mail server puts everything after the `+` aside and files it all under `bounces@`. The random id is the one of the
mail's Message-ID: whoever never saw the mail can't make one up. The sending tells a bounce from an old one of a mail
that has been sent again since. A try after an answer for now has the same sender as the one before, which no server
took: greylisting servers know a mail by it, and would make each try wait as if it were the first.
"""

import re
from dataclasses import dataclass
from typing import Final

from settings import Settings

_PARTS: Final = re.compile(r"(?P<delivery>\d{1,18})-(?P<sending>\d{1,9})-(?P<random>[0-9a-z]{32})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """One sending of one delivery.

    Attributes:
        delivery_id: The delivery's key.
        sending: Which sending, from 1.
        random: What stands to the left of the @ in its Message-ID.
    """

    delivery_id: int
    sending: int
    random: str


def return_path(settings: Settings, delivery_id: int, sending: int, message_id: str) -> str:
    """The envelope sender of one sending; that of every mail, where no address for bounces is set.

    Args:
        settings: Which addresses are ours.
        delivery_id: The delivery's key.
        sending: Which sending, from 1.
        message_id: Its Message-ID, with the angle brackets.
    """
    if settings.mail_return_address is None:
        return settings.mail_from_address
    local, _, domain = settings.mail_return_address.rpartition("@")
    random = message_id.strip("<>").partition("@")[0]
    return f"{local}+{delivery_id}-{sending}-{random}@{domain}"


def read_return_path(address: str, settings: Settings) -> ReturnPath | None:
    """The sending that an address was the envelope sender of; None when it is no such address of ours."""
    if settings.mail_return_address is None:
        return None
    our_local_part, _, our_domain = settings.mail_return_address.lower().rpartition("@")
    local_part, _, domain = address.strip().strip("<>").lower().rpartition("@")
    name, _, rest = local_part.partition("+")
    parts = _PARTS.fullmatch(rest)
    if parts is None or (name, domain) != (our_local_part, our_domain):
        return None
    return ReturnPath(int(parts["delivery"]), int(parts["sending"]), parts["random"])
