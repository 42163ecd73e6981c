"""Limits per receiving domain: a large one isn't flooded, and a slow one doesn't occupy every session."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workers.outbox.delivery_claims import DeliveryClaim

WINDOWS_A_MINUTE: Final = 10
"""The number of windows in a minute, over which the mails to a domain are spread."""
MINUTE: Final = 60.0


@dataclass(slots=True)
class _Window:
    """How many mails a domain may still receive until the window ends."""

    remaining: int
    ends_at: float


class DomainLimits:
    """Counts, for one worker, the sessions that each domain occupies and the mails sent to it."""

    def __init__(self, max_sessions: int, mails_a_minute: int | None) -> None:
        """Begins with all counts at zero.

        Args:
            max_sessions: The maximum number of sessions that send to one domain at the same time.
            mails_a_minute: The maximum number of mails to one domain in a minute; None for no limit.
        """
        self._max_sessions = max_sessions
        self._mails_a_minute = mails_a_minute
        self._sessions: Counter[str] = Counter()
        self._windows: dict[str, _Window] = {}

    def exhausted(self) -> list[str]:
        """The domains that no mail may be claimed for now."""
        now = time.monotonic()
        self._windows = {domain: window for domain, window in self._windows.items() if window.ends_at > now}
        used_up = {domain for domain, window in self._windows.items() if not window.remaining}
        return sorted(used_up | {domain for domain, count in self._sessions.items() if count >= self._max_sessions})

    def admit(self, claims: Iterable[DeliveryClaim]) -> tuple[list[DeliveryClaim], list[DeliveryClaim]]:
        """Splits claims into those that one session may send, which are counted from now on, and those in excess."""
        admitted: list[DeliveryClaim] = []
        excess: list[DeliveryClaim] = []
        for claim in claims:
            (admitted if self._count_mail(claim.domain) else excess).append(claim)
        self.occupy(admitted)
        return admitted, excess

    def occupy(self, claims: Iterable[DeliveryClaim]) -> None:
        """A session sends to the domains of these claims from now on."""
        self._sessions.update({claim.domain for claim in claims})

    def vacate(self, claims: Iterable[DeliveryClaim]) -> None:
        """The session that was sending to the domains of these claims no longer does."""
        self._sessions.subtract({claim.domain for claim in claims})
        self._sessions = +self._sessions

    def _count_mail(self, domain: str) -> bool:
        """Counts a mail if the domain may receive one now; returns whether it may."""
        if self._mails_a_minute is None:
            return True
        now = time.monotonic()
        window = self._windows.get(domain)
        if window is None or window.ends_at <= now:
            size = max(1, self._mails_a_minute // WINDOWS_A_MINUTE)
            window = self._windows[domain] = _Window(size, now + MINUTE * size / self._mails_a_minute)
        if not window.remaining:
            return False
        window.remaining -= 1
        return True
