"""What is refused when an operator corrects whose number is whose."""

from domain.refusals.kinds import ErrorCode, Refusal


class PersonNotKnownHere(Refusal):
    """Nobody with this number is known here; only operators are told."""

    code = ErrorCode.NOT_FOUND
    message = "Nobody with this number is known here."


class NumberTaken(Refusal):
    """Two rows can't hold one number."""

    code = ErrorCode.TAKEN
    message = "Somebody who is known here has the new number already. Merge the two instead."


class SamePerson(Refusal):
    """The two numbers are those of one row."""

    message = "Both numbers belong to the same person already."


class WorkRelationsOverlap(Refusal):
    """Both persons have a work relation with an organisation on some of the same days."""

    code = ErrorCode.CONFLICT
    message = "Both have a work relation with {organisation} between {first_day} and {last_day}. End one of them first."


class WorkRelationsOverlapped(Refusal):
    """They had them on the same days that are past, or have today: no end undoes that."""

    code = ErrorCode.CONFLICT
    message = (
        "Both had a work relation with {organisation} between {first_day} and {last_day}, "
        "which can't be changed any more. They can't be made one person."
    )
