"""Domains of mail addresses in ASCII, and the domain of our Message-IDs."""

import re
from functools import lru_cache
from typing import Final

import idna

from settings import Settings

_DOMAIN: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")

_MAX_OCTETS: Final = 255
"""RFC 5321, 4.5.3.1.2."""


@lru_cache(maxsize=1024)
def domain_in_ascii(domain: str) -> str:
    """The domain in its ASCII form (IDNA).

    Raises:
        ValueError: It is no valid domain.
    """
    ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    if not _DOMAIN.fullmatch(ascii_domain) or len(ascii_domain) > _MAX_OCTETS:
        raise ValueError("A domain has letters, digits, hyphens and dots, and at most 255 octets.")
    return ascii_domain


def message_domain(settings: Settings) -> str:
    """The part after the @ in our Message-IDs: the domain of the sender's address."""
    return domain_in_ascii(settings.mail_from_address.rpartition("@")[2])
