"""Domains of mail addresses as the DNS knows them, and the one that our Message-IDs end in."""

import re
from functools import lru_cache
from typing import Final

import idna

from settings import Settings

_DOMAIN: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")

_LONGEST: Final = 255
"""Octets that the right half of an address may have (RFC 5321, 4.5.3.1.2)."""


@lru_cache(maxsize=1024)
def domain_in_ascii(domain: str) -> str:
    """The domain as the DNS knows it.

    Raises:
        ValueError: It is no domain.
    """
    ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    if not _DOMAIN.fullmatch(ascii_domain) or len(ascii_domain) > _LONGEST:
        raise ValueError("A domain holds letters, digits, hyphens and dots.")
    return ascii_domain


def message_domain(settings: Settings) -> str:
    """What stands to the right of the @ in our Message-IDs: the sender's domain."""
    return domain_in_ascii(settings.mail_from_address.rpartition("@")[2])
