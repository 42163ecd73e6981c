"""Which groups, links and memberships the actor may see."""

from dataclasses import dataclass

from domain.predicate import NamedPredicate, Predicate, all_of, among, any_of, exists, holds
from domain.visibility.access import acts_on
from domain.visibility.organisations import administrators_of


@dataclass(frozen=True, eq=False)
class LinkedToMyContract(NamedPredicate):
    """Is the group whose key is the template linked to a contract that the actor acts on?"""

    @property
    def expansion(self) -> Predicate:
        """The condition as it is checked of one row."""
        links = f"gl.group_id = {self.template} and gl.ended_at is null"
        return all_of(holds("user_work_relations"), exists("group_link gl", links, acts_on("gl.contract_id")))


def _is_visible_to_user(group: str) -> Predicate:
    """Is the actor a member of the group, or does the actor act on a contract that it is linked to?"""
    is_member = exists(
        "membership gm",
        f"gm.group_id = {group} and gm.ended_at is null",
        among("gm.work_relation_id", "user_work_relations"),
    )
    return any_of(is_member, LinkedToMyContract(group))


group = any_of(
    administrators_of,
    all_of("{row}.active", among("{row}.organisation_id", "user_of"), _is_visible_to_user("{row}.id")),
)
"""All groups for administrators; for users their own groups and those linked to contracts that they act on."""

group_link = any_of(
    administrators_of,
    all_of("{row}.ended_at is null", acts_on("{row}.contract_id")),
)
"""All links, including ended ones, for administrators; for users the open ones of contracts that they act on."""

membership = any_of(
    administrators_of,
    all_of(
        "{row}.ended_at is null",
        among("{row}.organisation_id", "user_of"),
        exists("access_group mg", "mg.id = {row}.group_id and mg.active"),
        any_of(
            among("{row}.work_relation_id", "user_work_relations"),
            all_of("{row}.contract_id is null", _is_visible_to_user("{row}.group_id")),
            acts_on("{row}.contract_id"),
        ),
    ),
)
"""All memberships for administrators; for users their own, those of fixed members of groups that they see, and those of
contract-specific members on contracts that they act on."""

membership_readers = any_of(
    administrators_of,
    all_of(among("{row}.user_id", "person"), among("{row}.organisation_id", "user_of")),
)
"""May the actor read the memberships of this work relation?"""
