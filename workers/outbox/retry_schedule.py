"""When a mail is retried that was rejected temporarily, or during which the connection was lost."""

from datetime import timedelta
from itertools import accumulate, takewhile
from typing import Final

HOURLY: Final = timedelta(hours=1)
MAX_RETRY_TIME: Final = timedelta(hours=48)
_FIRST_DELAYS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_ALL_DELAYS: Final = (*_FIRST_DELAYS, *(HOURLY for _ in range(MAX_RETRY_TIME // HOURLY)))
RETRY_DELAYS: Final = tuple(
    delay
    for delay, total in takewhile(
        lambda each: each[1] <= MAX_RETRY_TIME, zip(_ALL_DELAYS, accumulate(_ALL_DELAYS), strict=True)
    )
)
"""The delays between one failure and the next attempt; 48 hours together at most."""

DELAY_AFTER_LOSS: Final = timedelta(seconds=15)
"""The delay before the one repetition of a mail that may have been accepted: as long as if its worker had died."""


def retry_delay(failures: int) -> timedelta | None:
    """The delay after this many failures; None when the mail has been retried for long enough.

    Args:
        failures: How often the mail was rejected temporarily, or the connection was lost during it, from 1.
    """
    return RETRY_DELAYS[failures - 1] if failures <= len(RETRY_DELAYS) else None
