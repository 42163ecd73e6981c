"""Changes to the groups, links and members of one organisation come one after the other."""

from tortoise.models import Model

from domain.acting import Acting
from domain.locking import one_turn


async def take_turn(act: Acting, model: type[Model], key: int | None) -> None:
    """Waits until no other such change is under way in the organisation whose row this is, and keeps others waiting.

    These changes touch a group, its contracts and their links in orders of their own; without turns, two of them could
    wait for each other forever. A key without a row takes no turn.
    """
    await act.database.execute_query_dict(one_turn(model), [key or 0])
    act.look_again()
