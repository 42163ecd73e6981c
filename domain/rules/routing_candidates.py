"""The candidates of a routing: every address that an event on a contract might go to, read in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from domain.models.group import DocumentLevel
from domain.models.notification import NotificationTrigger
from domain.models.user import Language
from domain.rules.recipients import Contact


@dataclass(frozen=True, slots=True)
class Event:
    """An event to be mailed about, which may be hypothetical.

    Attributes:
        trigger: The kind of event.
        contract_id: The key of the contract that it is about.
        theme_id: The key of the theme of the document that it is about; None if it is about the contract itself.
        released_by: The key of the person who released the action.
    """

    trigger: NotificationTrigger
    contract_id: int
    theme_id: int | None = None
    released_by: int | None = None


@dataclass(frozen=True, slots=True)
class LinkedGroup:
    """An active group that is linked to the contract, with its level on the event's theme or, without one, on any."""

    id: int
    email: str | None
    level: DocumentLevel


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every address that an event might go to.

    Attributes:
        contract_ended: Whether the contract has ended; nothing is mailed about ended ones.
        contract_email: The contract's own address.
        organisation_email: The organisation's own address.
        groups: The linked groups, oldest first.
        members: Their members whose right counts and has the role USER, once for each group.
        administrators: The people with an active ADMINISTRATOR right, then the legal representatives.
    """

    contract_ended: bool
    contract_email: str | None
    organisation_email: str | None
    groups: tuple[LinkedGroup, ...] = ()
    members: tuple[Contact, ...] = ()
    administrators: tuple[Contact, ...] = ()


def _has_role_today(work_relation: str, role: str) -> str:
    """SQL: does a right with this role count today on a work relation?

    Args:
        work_relation: SQL for the work relation's key.
        role: The role.
    """
    return f"""exists (
        select from access_right r
        join access_right_role ar on ar.access_right_id = r.id and ar.valid_to is null and ar.role = '{role}'
        where r.work_relation_id = {work_relation} and r.revoked_at is null)
      and exists (
        select from work_relation_period wp where wp.work_relation_id = {work_relation}
        and brussels_today() between wp.valid_from and wp.valid_until)"""


_LINKED_GROUPS: Final = """group_link l join access_group g on g.id = l.group_id and g.active
      where l.contract_id = c.id and l.ended_at is null"""

_CANDIDATES: Final = f"""
select c.ended_at is not null as contract_ended, c.email as contract_email, o.email as organisation_email,
  (select jsonb_agg(jsonb_build_array(g.id, g.email, (
       select coalesce(max(tl.level), 0) from group_theme_level tl
       where tl.group_id = g.id and tl.valid_to is null
         and (requested.theme_id is null or tl.theme_id = requested.theme_id)
     )) order by g.id)
     from {_LINKED_GROUPS}) as groups,
  (select jsonb_agg(jsonb_build_array(w.email, m.group_id, m.user_id, u.language, null) order by m.user_id, m.group_id)
     from membership m join work_relation w on w.id = m.work_relation_id join person u on u.id = m.user_id
     join (select l.id as link_id, g.id as group_id from {_LINKED_GROUPS}) linked
       on linked.group_id = m.group_id and (m.kind = 'FIXED' or m.group_link_id = linked.link_id)
     where m.ended_at is null and {_has_role_today("w.id", "USER")}) as members,
  (select jsonb_agg(jsonb_build_array(a.email, null, a.user_id, u.language, a.by) order by a.by desc, a.user_id)
     from (
       select w.user_id, w.email, 'RIGHT' as by from work_relation w
       where w.organisation_id = o.id and {_has_role_today("w.id", "ADMINISTRATOR")}
       union all
       select d.user_id, d.email, 'MANDATE' from access_mandate d
       where d.organisation_id = o.id and d.kind = 'LEGAL_REPRESENTATIVE' and d.ended_at is null
     ) a join person u on u.id = a.user_id) as administrators
from unnest($1::bigint[], $2::bigint[]) with ordinality requested(contract_id, theme_id, position)
join contract c on c.id = requested.contract_id
join organisation o on o.id = c.organisation_id
order by requested.position
"""


async def load_candidates(event: Event, database: BaseDBAsyncClient) -> Candidates:
    """The candidates around the event's contract at this moment of the database's clock.

    Args:
        event: What happened, or might happen.
        database: The connection, or the transaction that acts on the result.
    """
    [candidates] = await load_all_candidates([(event.contract_id, event.theme_id)], database)
    return candidates


async def load_all_candidates(
    contract_themes: Sequence[tuple[int, int | None]], database: BaseDBAsyncClient
) -> list[Candidates]:
    """The candidates for several contracts and themes, in the same order, read by one statement.

    Args:
        contract_themes: The keys of existing contracts, each with a theme's, or None for the contract itself.
        database: As for `load_candidates`.
    """
    contracts, themes = zip(*contract_themes, strict=True)
    rows = await database.execute_query_dict(_CANDIDATES, [list(contracts), list(themes)])
    return [_candidates(row) for row in rows]


def _candidates(row: dict[str, Any]) -> Candidates:
    return Candidates(
        contract_ended=row["contract_ended"],
        contract_email=row["contract_email"],
        organisation_email=row["organisation_email"],
        groups=tuple(LinkedGroup(key, email, DocumentLevel(level)) for key, email, level in _decoded(row["groups"])),
        members=_contacts(row["members"]),
        administrators=_contacts(row["administrators"]),
    )


def _contacts(encoded: str | None) -> tuple[Contact, ...]:
    return tuple(
        Contact(address, group_id, user_id, Language(language) if language else None, administrator_by)
        for address, group_id, user_id, language, administrator_by in _decoded(encoded)
    )


def _decoded(encoded: str | None) -> list[Any]:
    return orjson.loads(encoded) if encoded else []
