"""What the rules refuse, by name: a stable code, the facts, and the field that is meant."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, Final

_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")


class ErrorCode(StrEnum):
    """The kinds of refusals."""

    INVALID = "INVALID"
    REQUIRED = "REQUIRED"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    TAKEN = "TAKEN"
    STALE = "STALE"
    CONFLICT = "CONFLICT"
    EXPIRED = "EXPIRED"
    UNAVAILABLE = "UNAVAILABLE"


class Refusal(Exception):  # noqa: N818  # a refusal is an answer, not an error of the program
    """The rule that refused, with its facts.

    Attributes:
        code: The kind of refusal.
        message: What a person reads, in English, with `{names}` of the facts; worded in their language by the API.
        path: The input field that is meant, in the API's names; empty for the whole input.
        facts: The figures and names that the message tells.
    """

    code: ClassVar[ErrorCode] = ErrorCode.INVALID
    message: ClassVar[str]

    def __init__(self, *path: str | int, **facts: Any) -> None:
        super().__init__(self.name())
        self.path = tuple(str(part) for part in path)
        self.facts = facts

    @classmethod
    def name(cls) -> str:
        """The rule's name in the API, such as `CONTRACT_ENDED`."""
        return _WORD.sub("_", cls.__name__).upper()


class Refusals(Exception):  # noqa: N818  # as above
    """Several refusals of one input, so that a form can show them all."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(", ".join(refusal.name() for refusal in refusals))
        self.refusals = tuple(refusals)


class Findings:
    """Gathers what is wrong with an input."""

    def __init__(self) -> None:
        self._refusals: list[Refusal] = []

    def add(self, refusal: Refusal) -> None:
        """One more thing that is wrong."""
        self._refusals.append(refusal)

    def settle(self) -> None:
        """Ends the check.

        Raises:
            Refusals: Something was found.
        """
        if self._refusals:
            raise Refusals(self._refusals)


class NotFound(Refusal):
    """There is no such object, or the actor may not see it: the two can't be told apart."""

    code = ErrorCode.NOT_FOUND
    message = "There is nothing with this id that you may see."


class Forbidden(Refusal):
    """The actor sees the object and may not do this with it."""

    code = ErrorCode.FORBIDDEN
    message = "You may see this, but you may not do this with it."


class Required(Refusal):
    """Something that must be filled in is missing, empty or blank."""

    code = ErrorCode.REQUIRED
    message = "This must be filled in."


class TextTooLong(Refusal):
    """A text has more characters than fit."""

    message = "This has {length} characters; at most {maximum} are possible."


class TextNotPlain(Refusal):
    """A text holds characters that can't be shown."""

    message = "This holds characters that can't be shown, such as control characters."


class EmailAddressInvalid(Refusal):
    """No e-mail address."""

    message = "This is not an e-mail address such as name@organisation.example."


class PhoneInvalid(Refusal):
    """No telephone number."""

    message = "This is not a telephone number such as +32 2 553 17 00."


class StaleVersion(Refusal):
    """The object has changed since the version that the change was made from. Facts: `current`, the object."""

    code = ErrorCode.STALE
    message = "Somebody changed this in the meantime: it is at version {version}, you changed version {given}."


class ContractEnded(Refusal):
    """The contract is read-only."""

    code = ErrorCode.CONFLICT
    message = "This contract has ended and can only be read."


class GroupNameTaken(Refusal):
    """An active group of the organisation has this name, whatever its case, accents and spaces."""

    code = ErrorCode.TAKEN
    message = "There is an active group called “{name}” already. Choose another name."


class GroupNameInactive(Refusal):
    """A deleted group has this name. Facts: `group`, that group, and `choices`."""

    code = ErrorCode.TAKEN
    message = "A deleted group is called “{name}”. Overwrite it, reactivate it, or choose another name."


class GroupInactive(Refusal):
    """The group was deleted."""

    code = ErrorCode.CONFLICT
    message = "The group “{name}” has been deleted and can't be linked."


class GroupDeleted(Refusal):
    """The group was deleted: nothing of it can be changed."""

    code = ErrorCode.CONFLICT
    message = "The group “{name}” has been deleted and can't be changed."


class GroupLinkEnded(Refusal):
    """The group is not tied to the contract any more."""

    code = ErrorCode.CONFLICT
    message = "The group “{name}” is no longer linked to this contract."


class ThemeUnknown(Refusal):
    """There is no theme with this code."""

    message = "There is no theme with the code “{code}”. Possible are: {possible}."


class ThemeHidden(Refusal):
    """The theme is hidden: nothing new can be granted or exchanged on it."""

    code = ErrorCode.CONFLICT
    message = "The theme “{code}” is not in use. Possible are: {possible}."


class ContractTypeUnknown(Refusal):
    """There is no type of contract with this code."""

    message = "There is no type of contract with the code “{code}”. Possible are: {possible}."


class GivenTwice(Refusal):
    """The same thing stands twice in a list."""

    message = "“{what}” is given more than once."


class MemberWithoutActiveRight(Refusal):
    """Only people with an active work relation and right can be added to a group."""

    message = "{name} has no active work relation and right in this organisation, and can't be added."


class ExternalIdConflict(Refusal):
    """The authority delivered something else under the same id."""

    code = ErrorCode.CONFLICT
    message = "Something else was delivered under the id “{external_id}” already."


class AttachmentsNotPossible(Refusal):
    """Documents can't carry attachments yet."""

    code = ErrorCode.UNAVAILABLE
    message = "Attachments can't be delivered yet. Deliver the document without them."


class NobodyHelpsThemselves(Refusal):
    """What one gives to others, one can't give to oneself."""

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


class WorkRelationNotActive(Refusal):
    """Something needs a work relation that runs today."""

    code = ErrorCode.CONFLICT
    message = "{name} has no active work relation with this organisation."


class MandateEnded(Refusal):
    """The mandate has ended already."""

    code = ErrorCode.CONFLICT
    message = "This mandate ended on {day}."


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


class WorkRelationTooLong(Refusal):
    """A work relation lasts at most four years from the day that it is counted from."""

    message = "A work relation lasts at most 4 years: until {latest}."


class WorkRelationOverlap(Refusal):
    """The person has a work relation with the organisation on some of these days."""

    code = ErrorCode.TAKEN
    message = "There is a work relation from {first_day} until {last_day} already; extend that one."


class WorkRelationExpired(Refusal):
    """The work relation is over."""

    code = ErrorCode.EXPIRED
    message = "The work relation ended on {last_day}. Extend it first."


class RightGrantedAlready(Refusal):
    """A work relation has one right."""

    code = ErrorCode.TAKEN
    message = "{name} has a right already. Change that one."


class RightRevoked(Refusal):
    """The right was revoked; granting again makes another."""

    code = ErrorCode.CONFLICT
    message = "This right was revoked on {day}. Grant a new one."


class PersonNotAdded(Refusal):
    """A work relation is made for somebody whom the organisation added, must decide on, or has had."""

    code = ErrorCode.CONFLICT
    message = "Add {name} by national register number first; after 24 hours that must be done again."


class EnterpriseNumberInvalid(Refusal):
    """No enterprise number."""

    message = "This is not an enterprise number such as 0123.456.749."


class ContractorUnknown(Refusal):
    """No organisation with this number is known here."""

    code = ErrorCode.NOT_FOUND
    message = "No organisation with this enterprise number is known here."


class ContractorIsAuthority(Refusal):
    """A contracting authority awards contracts; it doesn't carry them out."""

    code = ErrorCode.CONFLICT
    message = "This is a contracting authority, which can't carry out contracts."


class LevelMissing(Refusal):
    """The actor sees the contract, but has too low a level on the theme there."""

    code = ErrorCode.FORBIDDEN
    message = "On this contract you need the level {needed} on the theme “{theme}”."


class DocumentSent(Refusal):
    """A sent document is immutable."""

    code = ErrorCode.CONFLICT
    message = "{name} sent this document on {day}; it can't be changed any more."


class DocumentReceived(Refusal):
    """What the authority delivered is the authority's."""

    code = ErrorCode.CONFLICT
    message = "This document comes from the contracting authority and can't be changed."


class UploadUnfinished(Refusal):
    """A file that was announced hasn't arrived."""

    code = ErrorCode.CONFLICT
    message = "“{filename}” hasn't arrived yet. Upload it or take it away first."


class ActionNotOpen(Refusal):
    """The action has somebody, or is done."""

    code = ErrorCode.CONFLICT
    message = "This action isn't open any more."


class ActionNotAssigned(Refusal):
    """Nobody has the action, so nobody can release or complete it."""

    code = ErrorCode.CONFLICT
    message = "Nobody has this action at the moment."


class AssigneeWithoutAccess(Refusal):
    """An action goes to somebody who may draw up documents on its theme."""

    code = ErrorCode.CONFLICT
    message = "{name} may not draw up documents for this action on this contract."


class DeliveryNotFailed(Refusal):
    """Only a mail that failed is tried again by hand."""

    code = ErrorCode.CONFLICT
    message = "This mail hasn't failed: its status is {status}."
