"""People found by their national register numbers, and locked in one order (decision 0049)."""

from collections.abc import Mapping

from tortoise.expressions import Q

from domain.actor_transaction import ActorTransaction
from domain.locking import LOCK_PEOPLE
from domain.models import User
from domain.refusals import PersonNotKnownHere
from domain.sealed_national_number import has_number, unsealed_number


async def lock_people(act: ActorTransaction, *numbers: str) -> dict[str, User]:
    """The people with these numbers, by number, each locked until the commit; an unknown number is left out.

    They are locked in the order of their keys, by one transaction at a time: otherwise two transactions on the same
    people could deadlock.

    Args:
        act: The transaction.
        numbers: Eleven digits each.
    """
    if not numbers:
        return {}
    await act.database.execute_query(LOCK_PEOPLE)
    return {unsealed_number(person): person for person in await _lock(act, _has_any_number(*numbers))}


async def lock_people_and_merged(act: ActorTransaction, *numbers: str) -> dict[str, User]:
    """The same, and also locks the people who were merged into them.

    Args:
        act: The transaction.
        numbers: Eleven digits each; at least one.
    """
    await act.database.execute_query(LOCK_PEOPLE)
    keys = await User.filter(_has_any_number(*numbers)).using_db(act.database).values_list("id", flat=True)
    await _lock(act, Q(id__in=keys) | Q(merged_into_id__in=keys))
    return await lock_people(act, *numbers)


def _has_any_number(*numbers: str) -> Q:
    return Q(*(has_number(number) for number in numbers), join_type=Q.OR)


async def _lock(act: ActorTransaction, condition: Q) -> list[User]:
    return await User.filter(condition).order_by("id").select_for_update(no_key=True).using_db(act.database)


def person_with_number(people: Mapping[str, User], number: str, *path: str) -> User:
    """The person with a number, among the people who were locked.

    Args:
        people: The result of `lock_people`.
        number: The number.
        path: The input field.

    Raises:
        PersonNotKnownHere: Nobody has it.
    """
    if number not in people:
        raise PersonNotKnownHere(*path)
    return people[number]
