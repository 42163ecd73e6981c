"""The actor as a person, for rules that people call for themselves."""

from domain.actor_transaction import ActorTransaction
from domain.models import User
from domain.refusals import Forbidden, PersonRequired
from domain.sealed_national_number import HAS_NUMBER


async def lock_acting_person(act: ActorTransaction) -> User:
    """The actor's own row, locked: two requests of one person run one after the other.

    Raises:
        PersonRequired: The actor is no person.
        Forbidden: The actor was erased, or merged into another person.
    """
    locked = User.filter(HAS_NUMBER, id=act.actor.user_id or 0).select_for_update(no_key=True).using_db(act.database)
    person = await locked.first()
    if person is None:
        raise Forbidden if act.actor.user_id else PersonRequired
    return person
