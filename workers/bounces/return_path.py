"""The return path: an envelope sender of its own for each sending (VERP), so that a bounce names the mail.

    bounces+<delivery>-<sending>-<random id>@e-contracting.example

The mail server ignores everything after the `+` and delivers to `bounces@`. The random id is that of the mail's
Message-ID: it can't be guessed without having seen the mail. The sending distinguishes a bounce from an old one of a
mail that was sent again since. A retry after a temporary rejection has the same sender as the attempt before, which no
server accepted: greylisting servers recognise a mail by it, and would otherwise delay each attempt like the first.
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
        delivery_id: The delivery's id.
        sending: The number of the sending, from 1.
        random: The random id: the left part of its Message-ID.
    """

    delivery_id: int
    sending: int
    random: str


def return_path(settings: Settings, delivery_id: int, sending: int, message_id: str) -> str:
    """The envelope sender of one sending; the same for every mail if no address for bounces is configured.

    Args:
        settings: Our own addresses.
        delivery_id: The delivery's id.
        sending: The number of the sending, from 1.
        message_id: Its Message-ID, with the angle brackets.
    """
    if settings.mail_return_address is None:
        return settings.mail_from_address
    local_part, _, domain = settings.mail_return_address.rpartition("@")
    random = message_id.strip("<>").partition("@")[0]
    return f"{local_part}+{delivery_id}-{sending}-{random}@{domain}"


def parse_return_path(address: str, settings: Settings) -> ReturnPath | None:
    """The sending whose envelope sender an address was; None if it is no return path of ours."""
    if settings.mail_return_address is None:
        return None
    our_local_part, _, our_domain = settings.mail_return_address.lower().rpartition("@")
    local_part, _, domain = address.strip().strip("<>").lower().rpartition("@")
    name, _, rest = local_part.partition("+")
    parts = _PARTS.fullmatch(rest)
    if parts is None or (name, domain) != (our_local_part, our_domain):
        return None
    return ReturnPath(int(parts["delivery"]), int(parts["sending"]), parts["random"])
