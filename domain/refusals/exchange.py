"""What is refused about contracts, documents, actions and mails."""

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
    """The authority delivered something else under the same id."""

    code = ErrorCode.CONFLICT
    message = "Something else was already delivered with the id “{external_id}”. Use another id for other content."


class LevelMissing(Refusal):
    """The actor sees the contract, but may not draw up documents on the theme there."""

    code = ErrorCode.FORBIDDEN
    message = "For this contract you may not draw up documents on the theme “{theme}”."


class SendLevelMissing(LevelMissing):
    """The same of sending them: one rule, with a level that is higher."""

    message = "For this contract you may not send documents on the theme “{theme}”."

    @classmethod
    def name(cls) -> str:
        """The rule's."""
        return LevelMissing.name()


class DocumentSent(Refusal):
    """A sent document is immutable."""

    code = ErrorCode.CONFLICT
    message = "{name} sent this document on {day}; it can't be changed any more."


class DocumentSentUnsigned(DocumentSent):
    """The same, for those who may not know by name who sent it: somebody who has left, for instance."""

    message = "This document was sent on {day}; it can't be changed any more."

    @classmethod
    def name(cls) -> str:
        """The name of the rule, which is one."""
        return DocumentSent.name()


class DocumentReceived(Refusal):
    """What the authority delivered is the authority's."""

    code = ErrorCode.CONFLICT
    message = "This document comes from the contracting authority and can't be changed."


class DocumentIncomplete(Refusal):
    """A delivery counts as received, and can be referred to, when its last file is there."""

    code = ErrorCode.CONFLICT
    message = "The files of “{title}” haven't all arrived yet. Upload them first."


class UploadUnfinished(Refusal):
    """A file that was announced hasn't arrived."""

    code = ErrorCode.CONFLICT
    message = "“{filename}” hasn't arrived yet. Upload it or take it away first."


class ActionNotOpen(Refusal):
    """The action has somebody, or is done."""

    code = ErrorCode.CONFLICT
    message = "This action isn't open any more."


class ActionDone(Refusal):
    """The action is done, so nobody can release or complete it any more."""

    code = ErrorCode.CONFLICT
    message = "This action is done already."


class ActionNotAssigned(Refusal):
    """Nobody has the action, so nobody can release or complete it."""

    code = ErrorCode.CONFLICT
    message = "Nobody has this action at the moment."


class AssigneeWithoutAccess(Refusal):
    """An action goes to somebody who may draw up documents on its theme."""

    code = ErrorCode.CONFLICT
    message = "{name} may not draw up documents for this action on this contract."


class DeliveryAddressErased(Refusal):
    """A mail can't be sent again once its address was erased."""

    code = ErrorCode.EXPIRED
    message = "The address of this mail has been erased since; it can't be sent again."


class DeliveryNotFailed(Refusal):
    """Only a mail that failed is tried again by hand."""

    code = ErrorCode.CONFLICT
    message = "Only a mail that failed can be sent again."
