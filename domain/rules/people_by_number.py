"""People sought by their national register numbers, and held in one order (decision 0049)."""

from collections.abc import Mapping

from tortoise.expressions import Q

from domain.actor_transaction import ActorTransaction
from domain.locking import LOCK_PEOPLE
from domain.models import User
from domain.refusals import PersonNotKnownHere
from domain.sealed_national_number import has_number, unsealed_number


async def hold_people(act: ActorTransaction, *numbers: str) -> dict[str, User]:
    """Those whom these numbers belong to, by number, each locked until the end; who is unknown is left out.

    They are locked in the order of their keys, as whoever holds several does, and in turn with others who do: else two
    acts on the same people would wait for each other.

    Args:
        act: The act.
        numbers: Eleven digits each.
    """
    if not numbers:
        return {}
    await act.database.execute_query(LOCK_PEOPLE)
    return {unsealed_number(person): person for person in await _locked(act, _having(*numbers))}


async def hold_with_merged(act: ActorTransaction, *numbers: str) -> dict[str, User]:
    """The same, for an act that changes those, too, who were made one with them: these are locked as well.

    Args:
        act: The act.
        numbers: Eleven digits each; at least one.
    """
    await act.database.execute_query(LOCK_PEOPLE)
    keys = await User.filter(_having(*numbers)).using_db(act.database).values_list("id", flat=True)
    await _locked(act, Q(id__in=keys) | Q(merged_into_id__in=keys))
    return await hold_people(act, *numbers)


def _having(*numbers: str) -> Q:
    return Q(*(has_number(number) for number in numbers), join_type=Q.OR)


async def _locked(act: ActorTransaction, which: Q) -> list[User]:
    return await User.filter(which).order_by("id").select_for_update(no_key=True).using_db(act.database)


def holder_of(held: Mapping[str, User], number: str, *path: str) -> User:
    """The one whom a number belongs to, among those who are held.

    Args:
        held: As `hold_people` gives them.
        number: The number.
        path: The input field.

    Raises:
        PersonNotKnownHere: Nobody has it.
    """
    if number not in held:
        raise PersonNotKnownHere(*path)
    return held[number]
