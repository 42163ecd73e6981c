"""Reads the mails of letters from the database, at the moment of sending."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

import orjson

from domain.database.connection import database
from domain.models.access_right import Role
from domain.models.letter import LetterKind
from domain.models.user import Language
from domain.rules.expiry_letters import EXPIRING
from mail_templates import ExpiringRight, LetterFacts, organisation_link, task_link
from settings import Settings
from workers.composing.mail import COLUMNS, Mail

MAX_LISTED_RIGHTS: Final = 50
"""The maximum number of rights that a digest lists; the others are only counted."""

# Checked at every attempt: a mail that had to wait must not warn of something that is no longer true.
_OBSOLETE: Final = """case l.kind
  when 'RIGHT_EXPIRES' then r.revoked_at is not null or period.valid_until is distinct from l.last_day
    or l.last_day < brussels_today()
  when 'EXPIRY_DIGEST' then l.day <> brussels_today() or digest.number = 0
  when 'TASK_OPENED' then t.status <> 'OPEN'
  else false end"""

_STATEMENT: Final = f"""
select {COLUMNS}, l.kind, l.last_day,
  o.id as organisation_id, o.name as organisation, t.id as task_id, t.decision_reason,
  t.email is not null as address_given,
  nullif(concat_ws(' ', u.given_name, u.family_name), '') as person, period.valid_until,
  case when period.valid_from > brussels_today() then period.valid_from end as first_day,
  case when r.id is null then array_remove(array[case when t.asks_administrator then 'ADMINISTRATOR' end,
    case when t.asks_user then 'USER' end], null)
  else array(select ro.role from access_right_role ro where ro.access_right_id = r.id and ro.valid_from <= l.written_at
    and (ro.valid_to is null or ro.valid_to > l.written_at) order by ro.role) end as roles,
  digest.endings, digest.number, {_OBSOLETE} as obsolete
from delivery d
join letter l on l.id = d.letter_id
join organisation o on o.id = l.organisation_id
left join self_registration t on t.id = l.self_registration_id
left join access_right r on r.id = l.access_right_id
left join work_relation w on w.id = l.work_relation_id
left join person u on u.id = coalesce(w.user_id, t.applicant_id)
left join lateral (select p.valid_from, p.valid_until from work_relation_period p
  where p.work_relation_id = r.work_relation_id order by p.valid_until desc limit 1) period on true
left join lateral (
  select count(*) as number, jsonb_agg(jsonb_build_array(name, last_day) order by place)
    filter (where place <= {MAX_LISTED_RIGHTS}) as endings
  from (
    select concat_ws(' ', e.given_name, e.family_name) as name, p.valid_until as last_day,
      row_number() over (order by p.valid_until, e.family_name, e.given_name, r.id) as place
    from person e, {EXPIRING} and e.id = w.user_id and w.organisation_id = o.id and l.kind = 'EXPIRY_DIGEST'
  ) ending
) digest on true
where d.id = any($1::bigint[])"""


async def read_letter_mails(delivery_ids: Collection[int], settings: Settings) -> dict[int, Mail]:
    """The mails of those of these deliveries that belong to letters, by delivery id; one query."""
    rows = await database().execute_query_dict(_STATEMENT, [list(delivery_ids)])
    return {row["id"]: _mail(row, settings) for row in rows}


def _mail(row: dict[str, Any], settings: Settings) -> Mail:
    endings = tuple(ExpiringRight(name, date.fromisoformat(day)) for name, day in orjson.loads(row["endings"] or "[]"))
    facts = LetterFacts(
        kind=LetterKind(row["kind"]),
        language=Language(row["language"]),
        organisation=row["organisation"],
        person=row["person"],
        link=_link(row, settings),
        roles=tuple(Role(role) for role in row["roles"]),
        reason=row["decision_reason"],
        first_day=row["first_day"],
        last_day=row["last_day"] or row["valid_until"],
        address_given=row["address_given"],
        endings=endings,
        more=row["number"] - len(endings),
        sender=settings.mail_from_name,
        helpdesk_address=settings.helpdesk_address,
        helpdesk_phone=settings.helpdesk_phone,
    )
    return Mail.of(row, facts, obsolete=row["obsolete"])


def _link(row: dict[str, Any], settings: Settings) -> str:
    if row["task_id"]:
        return task_link(settings.public_url, row["task_id"])
    return organisation_link(settings.public_url, row["organisation_id"])
