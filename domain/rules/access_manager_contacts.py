"""The access managers of organisations as contacts: their addresses and languages (manual 2)."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.mandates import mandate_counts
from domain.models.user import Language
from domain.rules.recipients import Contact

ACCESS_MANAGERS: Final = f"""
select m.organisation_id, m.user_id, u.language, coalesce(min(m.email), w.email) as address
from access_mandate m
join person u on u.id = m.user_id
left join (work_relation_period p join work_relation w on w.id = p.work_relation_id)
  on p.user_id = m.user_id and p.organisation_id = m.organisation_id
  and brussels_today() between p.valid_from and p.valid_until
where {mandate_counts("m")}
  and coalesce(w.email, m.email) is not null
group by m.organisation_id, m.user_id, u.language, w.email"""
"""A row for each access manager whose mandate counts today and who has an address: the mandate's, otherwise the work
relation's."""

_OF_ORGANISATIONS: Final = (
    f"select * from ({ACCESS_MANAGERS}) manager where organisation_id = any($1::bigint[]) order by user_id"
)


async def access_manager_contacts(
    database: BaseDBAsyncClient, organisation_ids: Collection[int]
) -> dict[int, tuple[Contact, ...]]:
    """The access managers of these organisations who have an address, by the organisations' keys.

    Args:
        database: The transaction that stores the addresses; it holds `LOCK_ADDRESSES_SHARED`.
        organisation_ids: The organisations' keys.
    """
    contacts: dict[int, list[Contact]] = defaultdict(list)
    for row in await database.execute_query_dict(_OF_ORGANISATIONS, [list(organisation_ids)]):
        language = Language(row["language"]) if row["language"] else None
        contacts[row["organisation_id"]].append(Contact(row["address"], user_id=row["user_id"], language=language))
    return {organisation_id: tuple(managers) for organisation_id, managers in contacts.items()}
