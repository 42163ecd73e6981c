"""The actor's own browser sessions."""

from domain import visibility
from domain.actor import Actor
from domain.actor_transaction import actor_transaction
from domain.clock import NOW
from domain.models import Session
from domain.refusals import NotFound
from domain.where import Where


async def end_session(*, actor: Actor, session_id: int | None, every: bool) -> list[int]:
    """Ends one of the actor's sessions, or all. The session's row records it, not the audit log.

    Args:
        actor: A person.
        session_id: The session's key; None if there is no such session.
        every: Whether to end all of the actor's sessions instead.

    Returns:
        The keys of the sessions that ended now.

    Raises:
        NotFound: The actor has no such session.
    """
    async with actor_transaction(actor) as act:
        own = Session.filter(Where(visibility.session, await act.standing())).using_db(act.database)
        if not every:
            own = own.filter(id=session_id or 0)
            if not await own.exists():
                raise NotFound("id")
        locked = own.filter(ended_at=None).order_by("id").select_for_update()
        ending = [session.id for session in await locked]
        await Session.filter(id__in=ending).using_db(act.database).update(ended_at=NOW)
    return ending
