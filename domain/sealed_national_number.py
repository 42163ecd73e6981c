"""How a table of persons keeps a national register number: sealed, and found through its blind index.

While the index rotates, a row has both indexes; its key then moves from the next column to the first. Between those
two steps processes may still look with either pair of keys, so every look-up asks both columns for both indexes.
"""

from typing import Any, Final

from tortoise.expressions import Q

from domain.models import RegisteredPersonRow, User
from domain.sealing import sealing

PURPOSE: Final = "person.national_number"
HELD: Final = Q(national_number_index__isnull=False)
"""The condition on persons that finds those who have a number: all but who was erased, or made one with somebody."""
NO_NUMBER: Final[dict[str, None]] = dict.fromkeys(
    ("national_number_sealed", "national_number_index", "national_number_next_index")
)
"""The columns of a person that hold a number, by name, without one."""


def columns(number: str) -> dict[str, Any]:
    """The columns of a person that hold these eleven digits, by name, to make or change a row with."""
    with_keys = sealing()
    return {
        "national_number_sealed": with_keys.seal(number, PURPOSE),
        "national_number_index": with_keys.index(number, PURPOSE),
        "national_number_next_index": with_keys.next_index(number, PURPOSE),
    }


def held_by(number: str) -> Q:
    """The condition on persons that finds the one with these eleven digits."""
    indexes = sealing().indexes(number, PURPOSE)
    return Q(national_number_index__in=indexes) | Q(national_number_next_index__in=indexes)


def revealed(user: User | RegisteredPersonRow) -> str:
    """The eleven digits of a person, to be masked or to ask a register with; they go nowhere else.

    Raises:
        SealingError: The keys given don't open it.
        LookupError: The person has none, as whoever was erased or made one with somebody.
    """
    if user.national_number_sealed is None:
        raise LookupError(f"person {user.id} has no number")
    return sealing().unseal(user.national_number_sealed, PURPOSE)
