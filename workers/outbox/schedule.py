"""When a mail that was turned down for now, or that the mail server was lost over, is tried again."""

from datetime import timedelta
from itertools import accumulate, takewhile
from typing import Final

HOURLY: Final = timedelta(hours=1)
PATIENCE: Final = timedelta(hours=48)
_FIRST: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_ALL: Final = (*_FIRST, *(HOURLY for _ in range(PATIENCE // HOURLY)))
DELAYS: Final = tuple(
    delay for delay, waited in takewhile(lambda each: each[1] <= PATIENCE, zip(_ALL, accumulate(_ALL), strict=True))
)
"""The waits between one failure and the next try; 48 hours together at most."""

AFTER_LOSS: Final = timedelta(seconds=15)
"""The wait before the one repetition of a mail that may have been taken: as long as if its worker had died."""


def delay_after(failures: int) -> timedelta | None:
    """How long to wait after this many failures; None when it has been tried long enough.

    Args:
        failures: How often the mail server has turned the mail down for now, or was lost over it, from 1.
    """
    return DELAYS[failures - 1] if failures <= len(DELAYS) else None
