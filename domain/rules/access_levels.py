"""The levels of all users on some contracts, to compare before and after a change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.access_reasons import current_reasons
from domain.actor_transaction import ActorTransaction
from domain.models import DocumentLevel, ReferenceLevel

LevelKey = tuple[int, int, int | None]
"""A user, a contract and a theme; without a theme, the contract itself."""

_READ: Final = DocumentLevel.READ.value
_BY_REASON: Final = "case when reason.member__ = 'AdministratorAccess' then {administrators} else {groups} end"
_DOCUMENT_LEVEL: Final = f"max({_BY_REASON.format(administrators=_READ, groups='tl.level')})"
_GROUP_REFERENCE: Final = f"coalesce(rl.level, {ReferenceLevel.READ.value})"
_REFERENCE_LEVEL: Final = (
    f"max({_BY_REASON.format(administrators=ReferenceLevel.WRITE.value, groups=_GROUP_REFERENCE)})"
)

_LEVELS: Final = f"""
  with reason as materialized ({current_reasons("c.id = any($1::bigint[])", "true")})
  select reason.user_id, c.id as contract_id, null::bigint as theme_id,
   {_READ} as level, {_REFERENCE_LEVEL} as reference
  from reason join contract c on c.id = reason.contract_id
  left join group_reference_level rl on rl.group_id = reason.group_id and rl.contract_type_id = c.type_id
   and rl.valid_to is null
  group by reason.user_id, c.id
  union all
  select reason.user_id, reason.contract_id, t.id, {_DOCUMENT_LEVEL}, null
  from reason cross join theme t
  left join group_theme_level tl on tl.group_id = reason.group_id and tl.theme_id = t.id and tl.valid_to is null
  group by reason.user_id, reason.contract_id, t.id
  having {_DOCUMENT_LEVEL} > {DocumentLevel.NONE.value}"""


@dataclass(frozen=True)
class AccessLevels:
    """The levels of all users on some contracts.

    Attributes:
        documents: The level on each theme, above NONE; without a theme READ, for each user who sees the contract.
        references: The level on the own reference of each contract that a user sees.
    """

    documents: dict[LevelKey, DocumentLevel] = field(default_factory=dict)
    references: dict[tuple[int, int], ReferenceLevel] = field(default_factory=dict)


async def load_access_levels(act: ActorTransaction, contract_ids: Sequence[int]) -> AccessLevels:
    """The levels at this moment, as the transaction sees them."""
    levels = AccessLevels()
    for row in await act.database.execute_query_dict(_LEVELS, [list(contract_ids)]):
        user, contract = row["user_id"], row["contract_id"]
        levels.documents[user, contract, row["theme_id"]] = DocumentLevel(row["level"])
        if row["reference"] is not None:
            levels.references[user, contract] = ReferenceLevel(row["reference"])
    return levels
