"""What each receiving domain may be sent at a time: a large one isn't flooded, a slow one doesn't take every line."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workers.outbox.claims import Claim

SHARES: Final = 10
"""A minute's mails go out in so many shares, each in its own part of the minute."""
MINUTE: Final = 60.0


@dataclass(slots=True)
class _Share:
    """What is left of a domain's share, and until when that is all it gets."""

    left: int
    until: float


class Domains:
    """Counts, for one worker, the lines that carry mails for a domain and the mails that it was sent."""

    def __init__(self, lines: int, mails_a_minute: int | None) -> None:
        """Begins to count.

        Args:
            lines: Lines that may carry mails for one domain at the same time.
            mails_a_minute: Mails that one domain may be sent; None for any number.
        """
        self._lines = lines
        self._a_minute = mails_a_minute
        self._carrying: Counter[str] = Counter()
        self._shares: dict[str, _Share] = {}

    def passed_over(self) -> list[str]:
        """The domains that nothing may be claimed for now."""
        now = time.monotonic()
        self._shares = {domain: share for domain, share in self._shares.items() if share.until > now}
        used_up = {domain for domain, share in self._shares.items() if not share.left}
        return sorted(used_up | {domain for domain, lines in self._carrying.items() if lines >= self._lines})

    def take_up(self, claims: Iterable[Claim]) -> tuple[list[Claim], list[Claim]]:
        """Tells apart the claims for one line to carry, which count from here on, and those that are too many."""
        admitted: list[Claim] = []
        excess: list[Claim] = []
        for claim in claims:
            (admitted if self._take(claim.domain) else excess).append(claim)
        self.carry(admitted)
        return admitted, excess

    def carry(self, claims: Iterable[Claim]) -> None:
        """A line carries these claims from here on."""
        self._carrying.update({claim.domain for claim in claims})

    def put_down(self, claims: Iterable[Claim]) -> None:
        """The line that carried these claims carries them no more."""
        self._carrying.subtract({claim.domain for claim in claims})
        self._carrying = +self._carrying

    def _take(self, domain: str) -> bool:
        if self._a_minute is None:
            return True
        now = time.monotonic()
        share = self._shares.get(domain)
        if share is None or share.until <= now:
            size = max(1, self._a_minute // SHARES)
            share = self._shares[domain] = _Share(size, now + MINUTE * size / self._a_minute)
        if not share.left:
            return False
        share.left -= 1
        return True
