"""The result of a change to a group."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.models import Group


@dataclass(frozen=True)
class GroupChange:
    """A group that was changed or deleted, and what ended with that.

    Attributes:
        group: The group.
        ended_membership_ids: The keys of the memberships that ended.
        ended_link_ids: The keys of the links to contracts that ended.
        released_action_ids: The keys of the actions that were released, whose assignees lost access.
    """

    group: Group
    ended_membership_ids: Sequence[int] = ()
    ended_link_ids: Sequence[int] = ()
    released_action_ids: Sequence[int] = ()
