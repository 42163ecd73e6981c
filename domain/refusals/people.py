"""What is refused when an operator corrects whose number is whose, or erases a person."""

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


class PersonStillWorks(Refusal):
    """Whoever is to be erased has a work relation that runs or is to come."""

    code = ErrorCode.CONFLICT
    message = "They have a work relation with {organisation} until {last_day}. It must be over first."


class PersonStillMandated(Refusal):
    """Whoever is to be erased has a mandate."""

    code = ErrorCode.CONFLICT
    message = (
        "They have a mandate at {organisation}. A legal representative's ends by the enterprise register, "
        "another one when it is taken from them."
    )


class PersonStillApplies(Refusal):
    """Whoever is to be erased asks for a right, and is to be answered."""

    code = ErrorCode.CONFLICT
    message = "They have asked {organisation} for a right. That must be decided first."


class PersonStillAssigned(Refusal):
    """Whoever is to be erased has an action in their hands."""

    code = ErrorCode.CONFLICT
    message = "They have the action “{action}” on contract {contract} of {organisation}. It must be released first."


class PersonErased(Refusal):
    """Nothing is given to somebody who was erased, nor kept of them."""

    code = ErrorCode.CONFLICT
    message = "This person was erased. Whoever comes back is added by national register number, as somebody new."
