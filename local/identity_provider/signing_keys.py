"""The provider's signing keys, stored in its folder: one signs, retired ones stay published while tokens need them."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, Self

from joserfc.jwk import ECKey, Key, KeySet, KeySetSerialization, RSAKey, import_key

from local.private_file import write_private_file

Algorithm = Literal["RS256", "ES256"]
ALGORITHMS: Final[tuple[Algorithm, ...]] = ("RS256", "ES256")
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and, once another has replaced it, since when (Unix time in seconds)."""

    key: Key
    retired_at: float | None = None

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The key that `to_json` serialised."""
        return cls(import_key(document["key"]), document["retired_at"])

    def to_json(self) -> dict[str, Any]:
        """The key as it is stored."""
        return {"key": self.key.as_dict(private=True), "retired_at": self.retired_at}


class KeyRing:
    """The keys in a folder, generated there when there are none.

    Args:
        folder: Where they are stored, readable by their owner only.
        token_lifetime: Seconds that the longest-lived token is valid.
        clock: The Unix time in seconds.
    """

    def __init__(self, folder: Path, token_lifetime: float, clock: Clock = time.time) -> None:
        self._path = folder / "keys.json"
        self._token_lifetime = token_lifetime
        self._clock = clock
        self._keys: list[SigningKey] = []
        if self._path.exists():
            self._keys = [*_load(self._path.read_text())]
        else:
            self.rotate()

    @property
    def current(self) -> Key:
        """The key that signs now."""
        return self._keys[-1].key

    def public_keys(self) -> KeySetSerialization:
        """The JSON Web Key Set: the key that signs, and those whose tokens may still be valid."""
        return KeySet([key.key for key in self._valid_keys()]).as_dict(private=False)

    def rotate(self, algorithm: Algorithm = "RS256") -> None:
        """Signs with a new key from now on."""
        now = self._clock()
        retired = [SigningKey(key.key, key.retired_at or now) for key in self._valid_keys()]
        self._keys = [*retired, SigningKey(_generate(algorithm))]
        self._store()

    def _valid_keys(self) -> list[SigningKey]:
        retired_before = self._clock() - self._token_lifetime
        return [key for key in self._keys if key.retired_at is None or key.retired_at >= retired_before]

    def _store(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private_file(self._path, json.dumps([key.to_json() for key in self._keys]))


@lru_cache(1)
def _load(text: str) -> tuple[SigningKey, ...]:
    """The keys in a file's text; each private key is checked when it is imported, which takes 60 ms."""
    return tuple(SigningKey.from_json(document) for document in json.loads(text))


def _generate(algorithm: Algorithm) -> Key:
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", {"use": "sig", "alg": algorithm}, auto_kid=True)
    return RSAKey.generate_key(2048, {"use": "sig", "alg": algorithm}, auto_kid=True)
