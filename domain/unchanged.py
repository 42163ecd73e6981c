"""What an update says of a field that was left out, which is something else than emptying it."""

from enum import Enum
from typing import Final


class Unchanged(Enum):
    """The one value that leaves a field as it is."""

    UNCHANGED = "UNCHANGED"

    def __bool__(self) -> bool:
        return False


UNCHANGED: Final = Unchanged.UNCHANGED
