"""What operators alone may do, on the command line: whoever comes another way is turned away."""

from domain.actor import OPERATOR, Actor
from domain.refusals import Forbidden


def require_operator(actor: Actor) -> None:
    """Goes on only if the actor is the operator.

    Raises:
        Forbidden: It is somebody else.
    """
    if actor != OPERATOR:
        raise Forbidden
