"""What is refused of any input: missing, forbidden, not filled in, not well-formed, stale."""

from domain.refusals.kinds import ErrorCode, Refusal


class NotFound(Refusal):
    """There is no such object, or the actor may not see it: the two can't be told apart."""

    code = ErrorCode.NOT_FOUND
    message = "There is nothing with this id that you may see."


class Forbidden(Refusal):
    """The actor sees the object and may not do this with it."""

    code = ErrorCode.FORBIDDEN
    message = "You may see this, but you may not do this with it."

    @classmethod
    def name(cls) -> str:
        """The same for all kinds of it: only their words differ."""
        return "FORBIDDEN"


class PersonRequired(Forbidden):
    """A machine client asks for what people do."""

    message = "Only a person who is signed in can do this, not a system."


class MachineClientRequired(Forbidden):
    """A person asks for what a contracting authority's system does."""

    message = "Only the system of the contracting authority can do this."


class Required(Refusal):
    """Something that must be filled in is missing, empty or blank."""

    code = ErrorCode.REQUIRED
    message = "This must be filled in."


class TextTooLong(Refusal):
    """A text has more characters than fit."""

    message = "This has {length} characters; at most {maximum} are possible."


class TextNotPlain(Refusal):
    """A text holds characters that can't be shown or turn writing round, or line breaks where it is one line."""

    message = (
        "This holds characters that can't be shown, such as control characters or signs that turn the direction of"
        " writing, or a line break where one line belongs."
    )


class EmailAddressInvalid(Refusal):
    """No e-mail address."""

    message = "This is not an e-mail address such as name@organisation.example."


class PhoneInvalid(Refusal):
    """No telephone number."""

    message = "This is not a telephone number such as +32 2 553 17 00."


class EnterpriseNumberInvalid(Refusal):
    """No enterprise number."""

    message = "This is not an enterprise number such as 0123.456.749."


class GivenTwice(Refusal):
    """The same thing stands twice in a list."""

    message = "“{what}” is given more than once."


class StaleVersion(Refusal):
    """The object has changed since the version that the change was made from. Facts: `current`, the object."""

    code = ErrorCode.STALE
    message = "Somebody changed this in the meantime: it is at version {version}, you changed version {given}."


class TrustedDocumentUnknown(Refusal):
    """No document with this digest is registered."""

    message = "No document with the digest {digest} is registered."
