"""Faults of operations that exceed a limit: what was asked, what is allowed, what to do."""

from typing import Final

from gql.faults import RATE_LIMITED, TOO_EXPENSIVE, Fault

_EXTENSION_NAMES: Final = {"asked": "asked", "allowed": "allowed"}
"""What was asked for, and the limit."""


class TooExpensive(Fault):
    """An operation exceeds a limit; each subclass is for one limit."""

    code = TOO_EXPENSIVE
    extension_names = _EXTENSION_NAMES

    def __init__(self, asked: int, allowed: int, **facts: str) -> None:
        super().__init__(asked=asked, allowed=allowed, **facts)


class TooManyObjects(TooExpensive):
    """The cost."""

    message_template = (
        "The operation has {asked} objects to read; at most {allowed} are allowed. Ask for smaller pages."
    )


class NestingTooDeep(TooExpensive):
    """The nesting of fields and fragments, by which visitors of the document recurse."""

    message_template = (
        "The operation has {asked} fields and fragments inside one another; at most {allowed} are allowed."
        " Ask in several requests."
    )


class TooDeep(TooExpensive):
    """The nesting of fields."""

    message_template = (
        "The operation has {asked} levels of fields inside fields; at most {allowed} are allowed. Ask in two steps."
    )


class TooManyFields(TooExpensive):
    """The number of fields, those of a fragment as often as it is spread."""

    message_template = "The operation has {asked} fields; at most {allowed} are allowed. Ask in several requests."


class TooManyAliases(TooExpensive):
    """The number of aliased fields."""

    message_template = "The operation has {asked} aliases; at most {allowed} are allowed. Ask in several requests."


class TooManyRootFields(TooExpensive):
    """The number of fields of Query."""

    message_template = (
        "The operation has {asked} fields of Query; at most {allowed} are allowed. Put them into several requests."
    )


class TooManyMutations(TooExpensive):
    """The number of fields of Mutation."""

    message_template = (
        "The operation has {asked} mutations; at most {allowed} are allowed. Put them into several requests."
    )


class TooManyDirectives(TooExpensive):
    """The number of directives in the whole document."""

    message_template = "The operation has {asked} directives; at most {allowed} are allowed. Leave some out."


class TooManyDuplicateFields(TooExpensive):
    """The number of fields that occur again in the same selection set."""

    message_template = "The operation has {asked} repeated fields; at most {allowed} are allowed. Name each field once."


class TextTooLong(TooExpensive):
    """The length of a string among the variables; `place` is its path, here and in the classes below."""

    message_template = (
        "The operation has {asked} characters in a text; at most {allowed} are allowed. Give less at once in `{place}`."
    )


class TooManyItems(TooExpensive):
    """The length of a list among the variables."""

    message_template = (
        "The operation has {asked} items in a list; at most {allowed} are allowed. Give less at once in `{place}`."
    )


class TooManyNames(TooExpensive):
    """The number of names in an input object, or in the variables themselves."""

    message_template = (
        "The operation has {asked} names in an input; at most {allowed} are allowed. Give less at once in `{place}`."
    )


class NameTooLong(TooExpensive):
    """The length of a name in an input object."""

    message_template = (
        "The operation has {asked} characters in a name; at most {allowed} are allowed. Give less at once in `{place}`."
    )


class VariablesTooDeep(TooExpensive):
    """The nesting of input objects and lists."""

    message_template = (
        "The operation has {asked} levels in the variables; at most {allowed} are allowed."
        " Give less at once in `{place}`."
    )


class BudgetExhausted(Fault):
    """The viewer's budget of the minute is exhausted; `wait` is the number of whole seconds until it is renewed."""

    code = RATE_LIMITED
    message_template = (
        "At most {allowed} objects can be asked for in a minute, and too little of that is left for the {asked} of"
        " this operation. Try again in {wait} seconds."
    )
    extension_names = _EXTENSION_NAMES | {"wait": "retryAfter"}

    def __init__(self, asked: int, allowed: int, wait: int) -> None:
        super().__init__(asked=asked, allowed=allowed, wait=wait)
