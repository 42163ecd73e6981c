"""What is refused about self-registration (manual 2.1.5)."""

from domain.refusals.kinds import ErrorCode, Refusal


class SelfRegistrationLinkInvalid(Refusal):
    """The link is none of ours, or was changed on the way."""

    message = "This link isn't complete or was changed. Ask your access manager for it again."


class SelfRegistrationClosed(Refusal):
    """Nobody would see the request first: the organisation has no main access manager, or isn't known here at all."""

    code = ErrorCode.CONFLICT
    message = "Self-registration doesn't work for this organisation: it has no main access manager."


class ChooseOneRole(Refusal):
    """A link without roles leaves the choice to the person, who chooses exactly one."""

    code = ErrorCode.REQUIRED
    message = "Choose exactly one role."


class RolesFixedByLink(Refusal):
    """The link names the roles that are asked for."""

    message = "This link asks for other roles than these; leave them out."


class NothingToAskFor(Refusal):
    """The person has these roles there, so that an approval would give nothing."""

    code = ErrorCode.CONFLICT
    message = "You have this right there already, from {first_day} until {last_day}. There is nothing to ask for."


class RoleNotRequested(Refusal):
    """Only what was asked for can be approved."""

    message = "This role was not asked for. Possible are: {possible}."


class WorkRelationExists(Refusal):
    """A period is given for a person who has a work relation that runs or is to come."""

    code = ErrorCode.CONFLICT
    message = "There is a work relation from {first_day} until {last_day} already. Approve the roles alone."


class AlreadyDecided(Refusal):
    """Somebody decided before. Facts: `task`, what it was; `decided_by`, the person; and `decided_at`, the moment."""

    code = ErrorCode.CONFLICT
    message = "{name} decided on this request already, on {day}."
