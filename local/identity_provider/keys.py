"""The provider's signing keys, kept in its folder: one signs, the others stay published while their tokens live."""

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
class KeptKey:
    """A private key and, once another has taken over, since when (Unix time in seconds)."""

    key: Key
    retired_at: float | None = None

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        """The key that was stored so."""
        return cls(import_key(stored["key"]), stored["retired_at"])

    def stored(self) -> dict[str, Any]:
        """What is written of it."""
        return {"key": self.key.as_dict(private=True), "retired_at": self.retired_at}


class KeyRing:
    """The keys in a folder, made there when there are none.

    Args:
        folder: Where they are kept, readable by their owner only.
        lifetime: Seconds that the longest-lived token counts.
        clock: The Unix time in seconds.
    """

    def __init__(self, folder: Path, lifetime: float, clock: Clock = time.time) -> None:
        self._path = folder / "keys.json"
        self._lifetime = lifetime
        self._clock = clock
        self._kept: list[KeptKey] = []
        if self._path.exists():
            self._kept = [*_read(self._path.read_text())]
        else:
            self.rotate()

    @property
    def signing(self) -> Key:
        """The key that signs now."""
        return self._kept[-1].key

    def published(self) -> KeySetSerialization:
        """The public halves: the key that signs, and those whose tokens may still count."""
        return KeySet([kept.key for kept in self._living()]).as_dict(private=False)

    def rotate(self, algorithm: Algorithm = "RS256") -> None:
        """Signs with a new key from now on."""
        now = self._clock()
        living = [KeptKey(kept.key, kept.retired_at or now) for kept in self._living()]
        self._kept = [*living, KeptKey(_made(algorithm))]
        self._write()

    def _living(self) -> list[KeptKey]:
        gone = self._clock() - self._lifetime
        return [kept for kept in self._kept if kept.retired_at is None or kept.retired_at >= gone]

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private_file(self._path, json.dumps([kept.stored() for kept in self._kept]))


@lru_cache(1)
def _read(stored: str) -> tuple[KeptKey, ...]:
    """The keys that were stored so; each private key is checked as it is read, which takes 60 ms."""
    return tuple(KeptKey.read(key) for key in json.loads(stored))


def _made(algorithm: Algorithm) -> Key:
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", {"use": "sig", "alg": algorithm}, auto_kid=True)
    return RSAKey.generate_key(2048, {"use": "sig", "alg": algorithm}, auto_kid=True)
