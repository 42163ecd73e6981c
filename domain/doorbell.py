"""The doorbell: after a commit, whoever delivers mail is told that notifications or letters wait in the outbox.

The row in the outbox is the promise; the bell only saves the wait until the next sweep. So ringing never fails what it
follows, and nothing is remembered when it does.
"""

from collections.abc import Sequence
from typing import Protocol


class Doorbell(Protocol):
    """Tells the workers; returns at once and raises nothing."""

    def ring(self, notification_ids: Sequence[int], letter_ids: Sequence[int] = ()) -> None:
        """Announces these notifications and letters, whose rows are committed."""


class _Silence:
    def ring(self, notification_ids: Sequence[int], letter_ids: Sequence[int] = ()) -> None:
        """Leaves it to the sweep."""


_installed: Doorbell = _Silence()


def install_doorbell(bell: Doorbell | None) -> None:
    """Makes `bell` the one of this process; with None the sweep finds what waits."""
    global _installed  # noqa: PLW0603  # one bell a process, hung up when it starts
    _installed = bell or _Silence()


def ring(notification_ids: Sequence[int], letter_ids: Sequence[int] = ()) -> None:
    """Rings this process's bell for notifications and letters that are committed."""
    if notification_ids or letter_ids:
        _installed.ring(notification_ids, letter_ids)
