"""Sealing of personal values (AES-256-GCM) and the blind index that finds them without opening them (HMAC-SHA-256).

A sealed value names its key, so that a new key can be put first while values under the old one are still read. The
index has two keys while it rotates; `domain.sealed_national_number` tells how the table keeps them.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from settings import KEY_BYTES, decoded_key, settings

_FORM: Final = b"\x01"
_NAME_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = len(_FORM) + _NAME_BYTES


class SealingError(Exception):
    """A value can't be opened: its key is gone, it was changed, or it was sealed for another purpose."""


class Sealing:
    """Seals and indexes under given keys; a purpose, such as `person.national_number`, binds a value to its place.

    Args:
        keys: AES-256 keys; the first seals, all open.
        index_keys: HMAC keys: the one in use and, while the index rotates, the next one.

    Raises:
        ValueError: A key is missing, double or not 32 bytes long.
    """

    def __init__(self, keys: Sequence[bytes], index_keys: Sequence[bytes]) -> None:
        if any(len(key) != KEY_BYTES for key in (*keys, *index_keys)):
            raise ValueError(f"A key must have {KEY_BYTES} bytes.")
        self._ciphers = {_name(key): AESGCM(key) for key in keys}
        if not keys or len(self._ciphers) != len(keys) or len(set(index_keys)) not in (1, 2):
            raise ValueError("There must be keys, all different, and one or two for the index.")
        self._first = _name(keys[0])
        self._index_keys = tuple(index_keys)

    def seal(self, value: str, purpose: str) -> bytes:
        """The value under the first key; each call gives other bytes."""
        head, nonce = _FORM + self._first, secrets.token_bytes(_NONCE_BYTES)
        return head + nonce + self._ciphers[self._first].encrypt(nonce, value.encode(), head + purpose.encode())

    def unseal(self, sealed: bytes, purpose: str) -> str:
        """The value that was sealed for this purpose.

        Raises:
            SealingError: It can't be opened.
        """
        head, rest = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES:]
        cipher = self._ciphers.get(head[len(_FORM) :]) if head.startswith(_FORM) else None
        if cipher is None or len(rest) < _NONCE_BYTES:
            raise SealingError("The key of a sealed value is not among the keys given.")
        try:
            opened = cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head + purpose.encode())
        except InvalidTag:
            raise SealingError("A sealed value was changed, or sealed for another purpose.") from None
        return opened.decode()

    def under_first_key(self, sealed: bytes) -> bool:
        """Was it sealed with the first key? What was not is sealed anew before the older key goes."""
        return sealed.startswith(_FORM + self._first)

    def index(self, value: str, purpose: str) -> bytes:
        """The blind index in use."""
        return _index(self._index_keys[0], value, purpose)

    def next_index(self, value: str, purpose: str) -> bytes | None:
        """The blind index under the key to come; None when the index isn't rotating."""
        return _index(self._index_keys[1], value, purpose) if len(self._index_keys) > 1 else None

    def indexes(self, value: str, purpose: str) -> list[bytes]:
        """Every blind index under which a row may be found today."""
        return [_index(key, value, purpose) for key in self._index_keys]


def sealing() -> Sealing:
    """The sealing under the keys of the settings.

    Raises:
        ValueError: A key is not 32 bytes in base64.
    """
    configuration = settings()
    return _sealing(configuration.national_number_keys, configuration.national_number_index_keys)


@lru_cache(maxsize=1)
def _sealing(keys: tuple[SecretStr, ...], index_keys: tuple[SecretStr, ...]) -> Sealing:
    return Sealing([decoded_key(key) for key in keys], [decoded_key(key) for key in index_keys])


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"name of a sealing key" + key).digest()[:_NAME_BYTES]


def _index(key: bytes, value: str, purpose: str) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + value.encode(), "sha256")
