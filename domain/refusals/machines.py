"""What is refused about the systems of contracting authorities."""

from domain.refusals.kinds import ErrorCode, Refusal


class NoContractingAuthority(Refusal):
    """Only contracting authorities have systems that call here."""

    message = "{name} is no contracting authority according to the enterprise register."


class MachineClientTaken(Refusal):
    """The identity provider's name for a system stands for one system, for good."""

    code = ErrorCode.CONFLICT
    message = "The client “{client_id}” is known already, for another authority or under another name."


class MachineClientUnknown(Refusal):
    """No such system may call."""

    code = ErrorCode.NOT_FOUND
    message = "No client “{client_id}” may call. Check it: it is what the identity provider's tokens say."
