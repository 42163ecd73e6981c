"""The doorbell: after a commit, signals the workers that notifications or letters are pending in the outbox.

The row in the outbox is durable; the signal only saves the wait until the next sweep. So ringing never fails its
caller, and a lost signal is not repeated.
"""

from collections.abc import Sequence
from typing import Protocol


class Doorbell(Protocol):
    """Signals the workers; returns at once and raises nothing."""

    def ring(self, notification_ids: Sequence[int], letter_ids: Sequence[int] = ()) -> None:
        """Signals that these notifications and letters are committed."""


class _NoDoorbell:
    def ring(self, notification_ids: Sequence[int], letter_ids: Sequence[int] = ()) -> None:
        """Leaves it to the sweep."""


_installed: Doorbell = _NoDoorbell()


def install_doorbell(doorbell: Doorbell | None) -> None:
    """Installs the doorbell of this process; with None the sweep alone finds pending rows."""
    global _installed  # noqa: PLW0603  # one per process, installed when it starts
    _installed = doorbell or _NoDoorbell()


def ring(notification_ids: Sequence[int], letter_ids: Sequence[int] = ()) -> None:
    """Rings the doorbell of this process for committed notifications and letters."""
    if notification_ids or letter_ids:
        _installed.ring(notification_ids, letter_ids)
