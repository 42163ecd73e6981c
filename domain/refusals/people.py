"""Refusals when an operator corrects national register numbers, or erases a person."""

from domain.refusals.kinds import ErrorCode, Refusal


class PersonNotKnownHere(Refusal):
    """Nobody with this number is known here; only operators get this refusal."""

    code = ErrorCode.NOT_FOUND
    message = "Nobody with this number is known here."


class NumberTaken(Refusal):
    """Another person has the number."""

    code = ErrorCode.TAKEN
    message = "Somebody who is known here has the new number already. Merge the two instead."


class SamePerson(Refusal):
    """Both numbers belong to the same person."""

    message = "Both numbers belong to the same person already."


class WorkRelationsOverlap(Refusal):
    """Both people have a work relation with an organisation on some of the same future days."""

    code = ErrorCode.CONFLICT
    message = "Both have a work relation with {organisation} between {first_day} and {last_day}. End one of them first."


class WorkRelationsOverlapped(Refusal):
    """Both people had a work relation on some of the same past days or today, which ending one doesn't change."""

    code = ErrorCode.CONFLICT
    message = (
        "Both had a work relation with {organisation} between {first_day} and {last_day}, "
        "which can't be changed any more. They can't be made one person."
    )


class PersonStillWorks(Refusal):
    """The person to be erased has an active or upcoming work relation."""

    code = ErrorCode.CONFLICT
    message = "They have a work relation with {organisation} until {last_day}. It must be over first."


class PersonStillMandated(Refusal):
    """The person to be erased has a mandate."""

    code = ErrorCode.CONFLICT
    message = (
        "They have a mandate at {organisation}. A legal representative's ends by the enterprise register, "
        "another one when it is taken from them."
    )


class PersonStillApplies(Refusal):
    """The person to be erased has an open request for a right."""

    code = ErrorCode.CONFLICT
    message = "They have asked {organisation} for a right. That must be decided first."


class PersonStillAssigned(Refusal):
    """The person to be erased has an assigned action."""

    code = ErrorCode.CONFLICT
    message = "They have the action “{action}” on contract {contract} of {organisation}. It must be released first."


class PersonErased(Refusal):
    """The person was erased, so nothing can be granted to them, and no personal data stored."""

    code = ErrorCode.CONFLICT
    message = "This person was erased. Whoever comes back is added by national register number, as somebody new."
