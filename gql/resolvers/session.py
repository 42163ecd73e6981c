"""The viewer's own sessions: ended."""

from typing import Any

from strawberry import UNSET

from domain.actor import Actor
from domain.rules.session import end_session as end
from gql.reading.ids import key_of
from gql.resolvers.unset import require_filled


async def end_session(actor: Actor, given: Any) -> int:
    """Ends one of the viewer's sessions, or all."""
    require_filled(given, "id")
    every = given.id is UNSET
    return await end(actor=actor, session_id=None if every else key_of("Session", given.id), every=every)
