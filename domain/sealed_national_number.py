"""The columns of a person that hold the national register number: sealed, and found by its blind index.

During a rotation of the index, a row has both indexes; the next one then moves to the first column. Between those two
steps processes may use either pair of keys, so every look-up compares both columns with both indexes.
"""

from typing import Any, Final

from tortoise.expressions import Q

from domain.models import RegisteredPersonRow, User
from domain.sealing import sealing

PURPOSE: Final = "person.national_number"
HAS_NUMBER: Final = Q(national_number_index__isnull=False)
"""The condition on persons who have a number: all except those who were erased or merged into another."""
NO_NUMBER: Final[dict[str, None]] = dict.fromkeys(
    ("national_number_sealed", "national_number_index", "national_number_next_index")
)
"""The same columns without a number."""


def number_columns(number: str) -> dict[str, Any]:
    """The values of the columns for these eleven digits, by name, to create or update a row."""
    keys = sealing()
    return {
        "national_number_sealed": keys.seal(number, PURPOSE),
        "national_number_index": keys.index(number, PURPOSE),
        "national_number_next_index": keys.next_index(number, PURPOSE),
    }


def has_number(number: str) -> Q:
    """The condition on the person with these eleven digits."""
    indexes = sealing().indexes(number, PURPOSE)
    return Q(national_number_index__in=indexes) | Q(national_number_next_index__in=indexes)


def unsealed_number(user: User | RegisteredPersonRow) -> str:
    """The eleven digits of a person; only to be masked, or sent to a register.

    Raises:
        SealingError: The keys can't unseal it.
        LookupError: The person has none, having been erased or merged into another.
    """
    if user.national_number_sealed is None:
        raise LookupError(f"person {user.id} has no number")
    return sealing().unseal(user.national_number_sealed, PURPOSE)
