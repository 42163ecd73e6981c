"""Refusals about contracts, documents, actions and mails."""

from domain.refusals.kinds import ErrorCode, Refusal


class ContractEnded(Refusal):
    """The contract is read-only."""

    code = ErrorCode.CONFLICT
    message = "This contract has ended and can only be read."


class ContractorIsAuthority(Refusal):
    """A contracting authority awards contracts; it doesn't carry them out."""

    code = ErrorCode.CONFLICT
    message = "This is a contracting authority, which can't carry out contracts."


class ExternalIdConflict(Refusal):
    """The authority has delivered something else with the same id."""

    code = ErrorCode.CONFLICT
    message = "Something else was already delivered with the id “{external_id}”. Use another id for other content."


class LevelMissing(Refusal):
    """The actor sees the contract, but may not draw up documents on the theme there."""

    code = ErrorCode.FORBIDDEN
    message = "For this contract you may not draw up documents on the theme “{theme}”."


class SendLevelMissing(LevelMissing):
    """The same for sending: the rule has one name for both levels."""

    message = "For this contract you may not send documents on the theme “{theme}”."

    @classmethod
    def name(cls) -> str:
        """The name of the common rule."""
        return LevelMissing.name()


class DocumentSent(Refusal):
    """A sent document is immutable."""

    code = ErrorCode.CONFLICT
    message = "{name} sent this document on {day}; it can't be changed any more."


class DocumentSentUnsigned(DocumentSent):
    """The same for actors who may not see the sender, who has left the organisation, for example."""

    message = "This document was sent on {day}; it can't be changed any more."

    @classmethod
    def name(cls) -> str:
        """The name of the common rule."""
        return DocumentSent.name()


class DocumentReceived(Refusal):
    """A document that the authority delivered can't be changed."""

    code = ErrorCode.CONFLICT
    message = "This document comes from the contracting authority and can't be changed."


class DocumentIncomplete(Refusal):
    """A delivery can only be referred to when its last file has arrived."""

    code = ErrorCode.CONFLICT
    message = "The files of “{title}” haven't all arrived yet. Upload them first."


class UploadUnfinished(Refusal):
    """A file that was announced hasn't arrived."""

    code = ErrorCode.CONFLICT
    message = "“{filename}” hasn't arrived yet. Upload it or take it away first."


class ActionNotOpen(Refusal):
    """The action is assigned or done."""

    code = ErrorCode.CONFLICT
    message = "This action isn't open any more."


class ActionDone(Refusal):
    """The action is done, so it can't be released or completed."""

    code = ErrorCode.CONFLICT
    message = "This action is done already."


class ActionNotAssigned(Refusal):
    """The action is not assigned, so it can't be released or completed."""

    code = ErrorCode.CONFLICT
    message = "Nobody has this action at the moment."


class AssigneeWithoutAccess(Refusal):
    """The person may not draw up documents on the theme of the action."""

    code = ErrorCode.CONFLICT
    message = "{name} may not draw up documents for this action on this contract."


class DeliveryAddressErased(Refusal):
    """A mail can't be sent again once its address was erased."""

    code = ErrorCode.EXPIRED
    message = "The address of this mail has been erased since; it can't be sent again."


class DeliveryNotFailed(Refusal):
    """Only a mail that failed can be retried."""

    code = ErrorCode.CONFLICT
    message = "Only a mail that failed can be sent again."
