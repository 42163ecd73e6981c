"""What is refused about work relations and their days (manual 2.1.3)."""

from domain.refusals.kinds import ErrorCode, Refusal


class WorkRelationNotActive(Refusal):
    """Something needs a work relation that runs today."""

    code = ErrorCode.CONFLICT
    message = "{name} has no active work relation with this organisation."


class FirstDayInThePast(Refusal):
    """A work relation begins today at the earliest."""

    message = "The first day can't be in the past: {earliest} at the earliest."


class LastDayBeforeFirstDay(Refusal):
    """A period ends before it begins."""

    message = "The last day can't come before the first day: {first_day} at the earliest."


class LastDayInThePast(Refusal):
    """A last day that is moved lies today at the earliest: what was, stays as it was."""

    message = "The last day can't be in the past: {earliest} at the earliest."


class LastDayNotEarlier(Refusal):
    """Ending means an earlier last day."""

    message = "The work relation ends on {current}. To end it earlier, give an earlier day; to extend it, change it."


class LastDayReached(Refusal):
    """No day is left before the last one, which is today."""

    code = ErrorCode.EXPIRED
    message = "{last_day} is the last day already. To take access away at once, revoke the right."


class WorkRelationTooLong(Refusal):
    """A work relation lasts at most four years from the day that it is counted from."""

    message = "A work relation lasts at most 4 years: until {latest}."


class WorkRelationOverlap(Refusal):
    """The person has a work relation with the organisation on some of these days."""

    code = ErrorCode.TAKEN
    message = "There is a work relation from {first_day} until {last_day} already; extend that one."


class WorkRelationOver(Refusal):
    """What is over can't be ended any more."""

    code = ErrorCode.EXPIRED
    message = "The work relation ended on {last_day} already: it gives no access any more."


class WorkRelationExpired(Refusal):
    """The work relation is over."""

    code = ErrorCode.EXPIRED
    message = "The work relation ended on {last_day}. Extend it first."


class PersonNotAdded(Refusal):
    """A work relation is made for somebody whom the organisation added, must decide on, or has had."""

    code = ErrorCode.CONFLICT
    message = "Add {name} by national register number first; after 24 hours that must be done again."
