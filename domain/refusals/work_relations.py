"""Refusals about work relations and their days (manual 2.1.3)."""

from domain.refusals.kinds import ErrorCode, Refusal


class WorkRelationNotActive(Refusal):
    """The person has no active work relation with the organisation."""

    code = ErrorCode.CONFLICT
    message = "{name} has no active work relation with this organisation."


class FirstDayInThePast(Refusal):
    """A work relation begins today at the earliest."""

    message = "The first day can't be in the past: {earliest} at the earliest."


class LastDayBeforeFirstDay(Refusal):
    """A period ends before it begins."""

    message = "The last day can't come before the first day: {first_day} at the earliest."


class LastDayInThePast(Refusal):
    """A last day can be moved to today at the earliest."""

    message = "The last day can't be in the past: {earliest} at the earliest."


class LastDayNotEarlier(Refusal):
    """A work relation is ended by an earlier last day."""

    message = "The work relation ends on {current}. To end it earlier, give an earlier day; to extend it, change it."


class LastDayReached(Refusal):
    """The last day is today, so there is no earlier one."""

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
    """A work relation that is over can't be ended."""

    code = ErrorCode.EXPIRED
    message = "The work relation ended on {last_day} already: it gives no access any more."


class WorkRelationExpired(Refusal):
    """The work relation is over, so no right can be granted on it."""

    code = ErrorCode.EXPIRED
    message = "The work relation ended on {last_day}. Extend it first."


class PersonNotAdded(Refusal):
    """The organisation must add the person first."""

    code = ErrorCode.CONFLICT
    message = "Add {name} by national register number first; after 24 hours that must be done again."
