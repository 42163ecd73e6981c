"""Refusals of any kind of input: not found, forbidden, missing, malformed, stale."""

from domain.refusals.kinds import ErrorCode, Refusal


class NotFound(Refusal):
    """There is no such object, or the actor may not see it; the refusal doesn't tell which."""

    code = ErrorCode.NOT_FOUND
    message = "There is nothing with this id that you may see."


class Forbidden(Refusal):
    """The actor may see the object, but not do this with it."""

    code = ErrorCode.FORBIDDEN
    message = "You may see this, but you may not do this with it."

    @classmethod
    def name(cls) -> str:
        """The common name of all its kinds, which only differ in the message."""
        return "FORBIDDEN"


class PersonRequired(Forbidden):
    """A machine client does what only people may do."""

    message = "Only a person who is signed in can do this, not a system."


class MachineClientRequired(Forbidden):
    """A person does what only a contracting authority's system may do."""

    message = "Only the system of the contracting authority can do this."


class Required(Refusal):
    """A required value is missing, empty or blank."""

    code = ErrorCode.REQUIRED
    message = "This must be filled in."


class TextTooLong(Refusal):
    """The text has more characters than are allowed."""

    message = "This has {length} characters; at most {maximum} are possible."


class TextNotPlain(Refusal):
    """The text has invisible characters, characters that change the direction of writing, or forbidden line breaks."""

    message = (
        "This holds characters that can't be shown, such as control characters or signs that turn the direction of"
        " writing, or a line break where one line belongs."
    )


class EmailAddressInvalid(Refusal):
    """The text is no e-mail address."""

    message = "This is not an e-mail address such as name@organisation.example."


class PhoneInvalid(Refusal):
    """The text is no telephone number."""

    message = "This is not a telephone number such as +32 2 553 17 00."


class EnterpriseNumberInvalid(Refusal):
    """The text is no enterprise number."""

    message = "This is not an enterprise number such as 0123.456.749."


class GivenTwice(Refusal):
    """A list has the same value twice."""

    message = "“{what}” is given more than once."


class StaleVersion(Refusal):
    """The object has changed since the version that the change was made from. Facts: `current`, the object."""

    code = ErrorCode.STALE
    message = "Somebody changed this in the meantime: it is at version {version}, you changed version {given}."


class TrustedDocumentUnknown(Refusal):
    """No document with this digest is registered."""

    message = "No document with the digest {digest} is registered."
