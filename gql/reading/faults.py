"""Faults in the arguments of fields."""

from gql.faults import Fault


class BadArgument(Fault):
    """A field can't be read with these arguments, such as those of a page; each subclass says what would be right."""


class ValueTooSmall(BadArgument):
    """A number to filter by is below its minimum."""

    message_template = "`{argument}` is {least} or more; {given} was given."


class TextNotStorable(BadArgument):
    """A text to filter by, or to search for, that PostgreSQL can't store."""

    message_template = "`{argument}` holds no NUL character and no half of a surrogate pair."


class InvalidCursor(BadArgument):
    """A cursor that was made up, or is of another connection or order."""

    message_template = "`{argument}` is not a cursor of this connection in this order. Give one that it gave."


class FirstAndLastGiven(BadArgument):
    """A page is requested from the start and from the end."""

    message_template = "Give `first` or `last`, not both."


class PageSizeOutOfRange(BadArgument):
    """A page of no rows, or of too many."""

    message_template = "`{argument}`: a page has 1 to {most} rows; {given} were asked for."


class TooManyIds(BadArgument):
    """More ids than a page has rows."""

    message_template = "At most {most} ids can be asked for at once; {given} were given."


class EnterpriseNumberMalformed(BadArgument):
    """The number of an organisation that is looked up."""

    message_template = (
        "`enterpriseNumber` is no enterprise number such as 0123.456.749: it must have ten digits, the first of them"
        " 0 or 1."
    )


class EnterpriseNumberChecksumWrong(BadArgument):
    """The same, with wrong check digits."""

    message_template = (
        "`enterpriseNumber` is no enterprise number such as 0123.456.749: its last two digits don't fit the first"
        " eight."
    )


class ArgumentRefused(BadArgument):
    """A rule refuses an argument; its message is in the reader's language already."""

    message_template = "`{argument}`: {message}"
