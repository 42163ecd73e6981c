"""Authenticated encryption of personal values (AES-256-GCM), and a blind index to look them up (HMAC-SHA-256).

A sealed value holds the id of its key, so that a new key can be put first while values under the old one are still
read. The index has two keys during a rotation; `domain.sealed_national_number` has the columns.
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

_FORMAT: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_HEADER_BYTES: Final = len(_FORMAT) + _KEY_ID_BYTES


class SealingError(Exception):
    """A value can't be unsealed: its key is gone, it was changed, or it was sealed for another purpose."""


class Sealing:
    """Seals and indexes values; a purpose, such as `person.national_number`, binds a value to its column.

    Args:
        keys: AES-256 keys; the first seals, all unseal.
        index_keys: HMAC keys: the current one and, during a rotation, the next one.

    Raises:
        ValueError: A key is missing, duplicate or not 32 bytes long.
    """

    def __init__(self, keys: Sequence[bytes], index_keys: Sequence[bytes]) -> None:
        if any(len(key) != KEY_BYTES for key in (*keys, *index_keys)):
            raise ValueError(f"A key must have {KEY_BYTES} bytes.")
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        if not keys or len(self._ciphers) != len(keys) or len(set(index_keys)) not in (1, 2):
            raise ValueError("There must be keys, all different, and one or two for the index.")
        self._first_key_id = _key_id(keys[0])
        self._index_keys = tuple(index_keys)

    def seal(self, value: str, purpose: str) -> bytes:
        """The value sealed with the first key; each call gives different bytes."""
        header, nonce = _FORMAT + self._first_key_id, secrets.token_bytes(_NONCE_BYTES)
        return (
            header + nonce + self._ciphers[self._first_key_id].encrypt(nonce, value.encode(), header + purpose.encode())
        )

    def unseal(self, sealed: bytes, purpose: str) -> str:
        """The value that was sealed for this purpose.

        Raises:
            SealingError: It can't be unsealed.
        """
        header, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
        cipher = self._ciphers.get(header[len(_FORMAT) :]) if header.startswith(_FORMAT) else None
        if cipher is None or len(rest) < _NONCE_BYTES:
            raise SealingError("The key of a sealed value is not among the keys given.")
        try:
            value = cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + purpose.encode())
        except InvalidTag:
            raise SealingError("A sealed value was changed, or sealed for another purpose.") from None
        return value.decode()

    def is_sealed_with_first_key(self, sealed: bytes) -> bool:
        """Was it sealed with the first key? Other values are sealed again before the older key is removed."""
        return sealed.startswith(_FORMAT + self._first_key_id)

    def index(self, value: str, purpose: str) -> bytes:
        """The current blind index."""
        return _index(self._index_keys[0], value, purpose)

    def next_index(self, value: str, purpose: str) -> bytes | None:
        """The blind index with the next key; None outside a rotation."""
        return _index(self._index_keys[1], value, purpose) if len(self._index_keys) > 1 else None

    def indexes(self, value: str, purpose: str) -> list[bytes]:
        """Every blind index that a row may have now."""
        return [_index(key, value, purpose) for key in self._index_keys]


def sealing() -> Sealing:
    """The sealing with the keys of the settings.

    Raises:
        ValueError: A key is not 32 bytes in base64.
    """
    configuration = settings()
    return _sealing(configuration.national_number_keys, configuration.national_number_index_keys)


@lru_cache(maxsize=1)
def _sealing(keys: tuple[SecretStr, ...], index_keys: tuple[SecretStr, ...]) -> Sealing:
    return Sealing([decoded_key(key) for key in keys], [decoded_key(key) for key in index_keys])


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"name of a sealing key" + key).digest()[:_KEY_ID_BYTES]


def _index(key: bytes, value: str, purpose: str) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + value.encode(), "sha256")
