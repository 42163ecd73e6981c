"""What a client is told when it asks for too much: what was asked, what is allowed, what to do."""

from graphql import GraphQLError


class TooExpensive(Exception):  # noqa: N818  # it names the answer, as the API's codes do
    """An operation asks for more than one operation may.

    Attributes:
        asked: How much it asks for.
        allowed: How much it may ask for.
    """

    def __init__(self, message: str, asked: int, allowed: int) -> None:
        super().__init__(message)
        self.asked = asked
        self.allowed = allowed


class BudgetSpent(Exception):  # noqa: N818  # it names the answer, as the API's codes do
    """A viewer asks for more than is left of the minute.

    Attributes:
        asked: How many objects this operation asks for.
        allowed: How many may be asked for in a minute.
        wait: After how many whole seconds there is room again.
    """

    def __init__(self, asked: int, allowed: int, wait: int) -> None:
        super().__init__(
            f"At most {allowed:,} objects can be asked for in a minute, and too little of that is left for the"
            f" {asked:,} of this operation. Try again in {wait} seconds."
        )
        self.asked = asked
        self.allowed = allowed
        self.wait = wait


def too_expensive(what: str, asked: int, allowed: int, advice: str) -> GraphQLError:
    """The error for an operation that asks for too much.

    Args:
        what: What there is too much of, in the plural.
        asked: How much of it.
        allowed: How much of it may be.
        advice: What the client can do.
    """
    message = f"The operation has {asked:,} {what}; at most {allowed:,} are allowed. {advice}"
    return GraphQLError(message, original_error=TooExpensive(message, asked, allowed))
