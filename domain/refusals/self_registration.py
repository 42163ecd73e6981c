"""Refusals about self-registration (manual 2.1.5)."""

from domain.refusals.kinds import ErrorCode, Refusal


class SelfRegistrationLinkInvalid(Refusal):
    """The link isn't one of ours, or was changed."""

    message = "This link isn't complete or was changed. Ask your access manager for it again."


class SelfRegistrationClosed(Refusal):
    """The organisation has no main access manager, or isn't known here."""

    code = ErrorCode.CONFLICT
    message = "Self-registration doesn't work for this organisation: it has no main access manager."


class ChooseOneRole(Refusal):
    """The link has no roles, so the person must choose exactly one."""

    code = ErrorCode.REQUIRED
    message = "Choose exactly one role."


class RolesFixedByLink(Refusal):
    """The link requests other roles than the person chose."""

    message = "This link asks for other roles than these; leave them out."


class NothingToAskFor(Refusal):
    """The person already has these roles there."""

    code = ErrorCode.CONFLICT
    message = "You have this right there already, from {first_day} until {last_day}. There is nothing to ask for."


class RoleNotRequested(Refusal):
    """Only requested roles can be approved."""

    message = "This role was not asked for. Possible are: {possible}."


class WorkRelationExists(Refusal):
    """A period is given for a person who has an active or upcoming work relation."""

    code = ErrorCode.CONFLICT
    message = "There is a work relation from {first_day} until {last_day} already. Approve the roles alone."


class AlreadyDecided(Refusal):
    """The request was already decided. Facts: `task`, `decided_by` (the person, or None) and `decided_at`."""

    code = ErrorCode.CONFLICT
    message = "{name} decided on this request already, on {day}."
