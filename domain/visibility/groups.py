"""Which groups, links and memberships the one who asks may see."""

from dataclasses import dataclass

from domain.predicate import NamedPredicate, Predicate, all_of, among, any_of, exists, holds
from domain.visibility.access import acts_on
from domain.visibility.organisations import administrators_of


@dataclass(frozen=True, eq=False)
class LinkedToMyContract(NamedPredicate):
    """Is the group whose key the template names tied to a contract that the asker acts on?"""

    @property
    def expansion(self) -> Predicate:
        """As it is asked of one row."""
        links = f"gl.group_id = {self.template} and gl.ended_at is null"
        return all_of(holds("user_work_relations"), exists("group_link gl", links, acts_on("gl.contract_id")))


def _open_to_me(group: str) -> Predicate:
    """Is the asker a member of the group, or acts on a contract to which it is tied?"""
    mine = exists(
        "membership gm",
        f"gm.group_id = {group} and gm.ended_at is null",
        among("gm.work_relation_id", "user_work_relations"),
    )
    return any_of(mine, LinkedToMyContract(group))


group = any_of(
    administrators_of,
    all_of("{row}.active", among("{row}.organisation_id", "user_of"), _open_to_me("{row}.id")),
)
"""All for administrators; for users their own groups and those tied to contracts that they act on."""

group_link = any_of(
    administrators_of,
    all_of("{row}.ended_at is null", acts_on("{row}.contract_id")),
)
"""All, ended ones too, for administrators; the open ones of contracts that one acts on."""

membership = any_of(
    administrators_of,
    all_of(
        "{row}.ended_at is null",
        among("{row}.organisation_id", "user_of"),
        exists("access_group mg", "mg.id = {row}.group_id and mg.active"),
        any_of(
            among("{row}.work_relation_id", "user_work_relations"),
            all_of("{row}.contract_id is null", _open_to_me("{row}.group_id")),
            acts_on("{row}.contract_id"),
        ),
    ),
)
"""All for administrators; for users their own, the fixed members of groups that they see, and the contract-specific
members on contracts that they act on."""

membership_readers = any_of(
    administrators_of,
    all_of(among("{row}.user_id", "person"), among("{row}.organisation_id", "user_of")),
)
"""May the asker read the memberships that hang on this work relation?"""
