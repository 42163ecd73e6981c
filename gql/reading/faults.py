"""Faults in the arguments of fields."""

from gql.faults import Fault


class BadArgument(Fault):
    """A field can't be read with these arguments, such as those of a page: each kind says what would be right."""


class ValueTooSmall(BadArgument):
    """A number to filter by."""

    message_template = "`{argument}` is {least} or more; {given} was given."


class TextNotStorable(BadArgument):
    """A text to filter by, or to look for."""

    message_template = "`{argument}` holds no NUL character and no half of a surrogate pair."


class InvalidCursor(BadArgument):
    """A cursor that was invented, or comes from elsewhere."""

    message_template = "`{argument}` is not a cursor of this connection in this order. Give one that it gave."


class FirstAndLastGiven(BadArgument):
    """A page can't be from the start and from the end."""

    message_template = "Give `first` or `last`, not both."


class PageSizeOutOfRange(BadArgument):
    """A page that is empty, or too large."""

    message_template = "`{argument}`: a page has 1 to {most} rows; {given} were asked for."


class TooManyIds(BadArgument):
    """More than a page holds."""

    message_template = "At most {most} ids can be asked for at once; {given} were given."


class EnterpriseNumberMalformed(BadArgument):
    """A number to look an organisation up by."""

    message_template = (
        "`enterpriseNumber` is no enterprise number such as 0123.456.749: it must have ten digits, the first of them"
        " 0 or 1."
    )


class EnterpriseNumberChecksumWrong(BadArgument):
    """Likewise."""

    message_template = (
        "`enterpriseNumber` is no enterprise number such as 0123.456.749: its last two digits don't fit the first"
        " eight."
    )


class ArgumentRefused(BadArgument):
    """What a rule says of an argument, in the reader's language already."""

    message_template = "`{argument}`: {told}"
