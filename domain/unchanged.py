"""The value of a field that an update leaves out, as opposed to null, which empties it."""

from enum import Enum
from typing import Final


class Unchanged(Enum):
    """The one value that leaves a field as it is."""

    UNCHANGED = "UNCHANGED"

    def __bool__(self) -> bool:
        return False


UNCHANGED: Final = Unchanged.UNCHANGED
