"""The viewer's own sessions."""

from typing import TYPE_CHECKING

from strawberry import UNSET

from domain.actor import Actor
from domain.rules import session as rules
from gql.reading.ids import global_id, key_of
from gql.resolvers.optional_fields import require_not_null
from gql.roots import PayloadFields

if TYPE_CHECKING:
    from gql.schema.viewer import EndSessionInput


async def end_session(actor: Actor, input: "EndSessionInput") -> PayloadFields:
    """Ends one of the viewer's sessions, or all."""
    require_not_null(input, "id")
    session_id = key_of("Session", input.id) if input.id else None
    keys = await rules.end_session(actor=actor, session_id=session_id, every=input.id is UNSET)
    return PayloadFields({"ended": len(keys), "ended_session_ids": [global_id("Session", key) for key in keys]})
