"""The viewer's own sessions: ended."""

from typing import Any

from domain.actor import Actor
from domain.rules.session import end_session as end
from gql.reading.ids import key_of


async def end_session(actor: Actor, given: Any) -> int:
    """Ends one of the viewer's sessions, or all."""
    session_id = key_of("Session", given.id) if given.id else None
    return await end(actor=actor, session_id=session_id, every=given.id is None)
