"""What a client is told when it asks for too much: what was asked, what is allowed, what to do."""

from typing import Final

from gql.faults import RATE_LIMITED, TOO_EXPENSIVE, Fault

_EXTENSION_NAMES: Final = {"asked": "asked", "allowed": "allowed"}
"""How much is asked for, and how much may be."""


class TooExpensive(Fault):
    """An operation asks for more than one operation may: each kind says of what."""

    code = TOO_EXPENSIVE
    extension_names = _EXTENSION_NAMES

    def __init__(self, asked: int, allowed: int, **facts: str) -> None:
        super().__init__(asked=asked, allowed=allowed, **facts)


class TooManyObjects(TooExpensive):
    """What it would read at most."""

    message_template = (
        "The operation has {asked} objects to read; at most {allowed} are allowed. Ask for smaller pages."
    )


class TooManySteps(TooExpensive):
    """Whatever walks a document would go down too far."""

    message_template = (
        "The operation has {asked} fields and fragments inside one another; at most {allowed} are allowed."
        " Ask in several requests."
    )


class TooDeep(TooExpensive):
    """Fields inside fields."""

    message_template = (
        "The operation has {asked} levels of fields inside fields; at most {allowed} are allowed. Ask in two steps."
    )


class TooManyFields(TooExpensive):
    """Those of a fragment as often as it is spread."""

    message_template = "The operation has {asked} fields; at most {allowed} are allowed. Ask in several requests."


class TooManyAliases(TooExpensive):
    """Fields that are given another name."""

    message_template = "The operation has {asked} aliases; at most {allowed} are allowed. Ask in several requests."


class TooManyRoots(TooExpensive):
    """Fields of Query."""

    message_template = (
        "The operation has {asked} fields of Query; at most {allowed} are allowed. Put them into several requests."
    )


class TooManyMutations(TooExpensive):
    """Fields of Mutation."""

    message_template = (
        "The operation has {asked} mutations; at most {allowed} are allowed. Put them into several requests."
    )


class TooManyDirectives(TooExpensive):
    """In the whole document."""

    message_template = "The operation has {asked} directives; at most {allowed} are allowed. Leave some out."


class TooManyRepetitions(TooExpensive):
    """Fields that stand more than once side by side."""

    message_template = "The operation has {asked} repeated fields; at most {allowed} are allowed. Name each field once."


class TextTooLong(TooExpensive):
    """A text among the variables; `place` says where, as for all kinds below."""

    message_template = (
        "The operation has {asked} characters in a text; at most {allowed} are allowed. Give less at once in `{place}`."
    )


class TooManyItems(TooExpensive):
    """A list among the variables."""

    message_template = (
        "The operation has {asked} items in a list; at most {allowed} are allowed. Give less at once in `{place}`."
    )


class TooManyNames(TooExpensive):
    """An input among the variables, or the variables themselves."""

    message_template = (
        "The operation has {asked} names in an input; at most {allowed} are allowed. Give less at once in `{place}`."
    )


class NameTooLong(TooExpensive):
    """A name in an input."""

    message_template = (
        "The operation has {asked} characters in a name; at most {allowed} are allowed. Give less at once in `{place}`."
    )


class VariablesTooDeep(TooExpensive):
    """Inputs and lists inside one another."""

    message_template = (
        "The operation has {asked} levels in the variables; at most {allowed} are allowed."
        " Give less at once in `{place}`."
    )


class BudgetSpent(Fault):
    """A viewer asks for more than is left of the minute; `wait` is after how many whole seconds there is room again."""

    code = RATE_LIMITED
    message_template = (
        "At most {allowed} objects can be asked for in a minute, and too little of that is left for the {asked} of"
        " this operation. Try again in {wait} seconds."
    )
    extension_names = _EXTENSION_NAMES | {"wait": "retryAfter"}

    def __init__(self, asked: int, allowed: int, wait: int) -> None:
        super().__init__(asked=asked, allowed=allowed, wait=wait)
