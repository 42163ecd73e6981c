"""Refusals about the systems of contracting authorities."""

from domain.refusals.kinds import ErrorCode, Refusal


class NoContractingAuthority(Refusal):
    """The organisation is no contracting authority, so it can't have a machine client."""

    message = "{name} is no contracting authority according to the enterprise register."


class MachineClientTaken(Refusal):
    """The client id belongs to another authority, or to a system with another name."""

    code = ErrorCode.CONFLICT
    message = "The client “{client_id}” is known already, for another authority or under another name."


class MachineClientUnknown(Refusal):
    """There is no such machine client, or it has ended."""

    code = ErrorCode.NOT_FOUND
    message = "No client “{client_id}” may call. Check it: it is what the identity provider's tokens say."
