"""Refusals about mandates and rights (manual 2)."""

from domain.refusals.kinds import ErrorCode, Refusal


class NobodyHelpsThemselves(Refusal):
    """Actors can't manage their own access."""

    code = ErrorCode.FORBIDDEN
    message = "You can't do this for yourself. Ask another access manager."


class LegalRepresentativeByRegister(Refusal):
    """The enterprise register alone decides who the legal representatives are."""

    message = "Legal representatives follow the enterprise register; they are neither appointed nor dismissed here."


class MainAccessManagerTaken(Refusal):
    """An organisation has one main access manager at most."""

    code = ErrorCode.TAKEN
    message = "{name} is the main access manager. Dismiss them first."


class AlreadyAppointed(Refusal):
    """The person has this mandate already."""

    code = ErrorCode.TAKEN
    message = "{name} has this mandate already."


class MandateEnded(Refusal):
    """The mandate has ended already."""

    code = ErrorCode.CONFLICT
    message = "This mandate ended on {day}."


class RightGrantedAlready(Refusal):
    """The work relation already has a right."""

    code = ErrorCode.TAKEN
    message = "{name} has a right already. Change that one."


class RightRevoked(Refusal):
    """The right was revoked."""

    code = ErrorCode.CONFLICT
    message = "This right was revoked on {day}. Grant a new one."
