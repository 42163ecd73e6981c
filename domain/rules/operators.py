"""Permission for rules that only the operator's commands may call."""

from domain.actor import OPERATOR, Actor
from domain.refusals import Forbidden


def require_operator(actor: Actor) -> None:
    """Requires that the actor is the operator.

    Raises:
        Forbidden: It is somebody else.
    """
    if actor != OPERATOR:
        raise Forbidden
