"""Health warnings for an organisation's administrators, each with its subject."""

from enum import StrEnum
from typing import Final

from domain.access_reasons import ACTIVE_RIGHTS, OPEN_MEMBERSHIPS
from domain.mandates import HAS_LEGAL_REPRESENTATIVE, HAS_MAIN_ACCESS_MANAGER
from domain.models.group import DocumentLevel

RECENT: Final = "interval '30 days'"
"""For how long a failure is reported, and how long before its last day a right is reported."""
MAX_WARNINGS: Final = 100
"""How many warnings of one kind are given at most."""


class HealthCode(StrEnum):
    """The kinds of warnings."""

    CONTRACT_WITHOUT_SENDER = "CONTRACT_WITHOUT_SENDER"
    NO_ADMINISTRATOR = "NO_ADMINISTRATOR"
    NO_MAIN_ACCESS_MANAGER = "NO_MAIN_ACCESS_MANAGER"
    NO_LEGAL_REPRESENTATIVE = "NO_LEGAL_REPRESENTATIVE"
    RIGHT_EXPIRES_UNCOVERED = "RIGHT_EXPIRES_UNCOVERED"
    NOTIFICATION_SUPPRESSED = "NOTIFICATION_SUPPRESSED"
    ROUTE_WITHOUT_ADDRESS = "ROUTE_WITHOUT_ADDRESS"
    DELIVERY_FAILED = "DELIVERY_FAILED"


_RIGHTS: Final = f"""{ACTIVE_RIGHTS}
    where r.revoked_at is null and w.organisation_id = {{row}}.id"""

_MAY_SEND: Final = f"""exists (select from group_theme_level tl join theme th on th.id = tl.theme_id and th.visible
      where tl.group_id = g.id and tl.valid_to is null and tl.level >= {DocumentLevel.SEND.value})"""


_ENTITLED: Final = f"""
  entitled as materialized (
    select r.id as right_id, w.id as work_relation_id, w.user_id, w.email, ro.role, p.valid_until as last_day
    from {_RIGHTS}
  ), running as materialized (
    select c.id, c.number, c.email from contract c where c.organisation_id = {{row}}.id and c.ended_at is null
  ), sender as materialized (
    select distinct c.id as contract_id, e.right_id, e.user_id, e.last_day
    from {OPEN_MEMBERSHIPS} join entitled e on e.work_relation_id = m.work_relation_id and e.role = 'USER'
    where c.organisation_id = {{row}}.id and c.ended_at is null and {_MAY_SEND}
  ), administrator as materialized (
    select email from entitled where role = 'ADMINISTRATOR'
    union all
    select lm.email from access_mandate lm where lm.organisation_id = {{row}}.id
     and lm.kind = 'LEGAL_REPRESENTATIVE' and lm.ended_at is null
  ), last_resort as materialized (
    select {{row}}.email is not null or exists (select from administrator where email is not null) as reaches
  )"""

_REACHES_GROUP: Final = f"""exists (
    select from group_link l join access_group g on g.id = l.group_id and g.active
    where l.contract_id = k.id and l.ended_at is null and exists (
      select from group_theme_level tl where tl.group_id = g.id and tl.valid_to is null
       and tl.level >= {DocumentLevel.READ.value} and (subject.theme_id is null or tl.theme_id = subject.theme_id))
     and (g.email is not null or exists (
      select from membership m
      join entitled e on e.work_relation_id = m.work_relation_id and e.role = 'USER' and e.email is not null
      where m.group_id = g.id and m.ended_at is null and (m.contract_id is null or m.group_link_id = l.id)))
    offset 0)"""
"""Does a notification about the theme, or about the contract itself, reach a group or one of its members?

Evaluated for each contract by itself (`offset 0`): otherwise PostgreSQL reads all links to compare.
"""

_SUBJECTS: Final = "(select th.id as theme_id from theme th where th.visible union all select null) subject"
"""FROM: the possible subjects of documents and messages: each visible theme, and the contract itself."""

_WARNINGS: Final = {
    HealthCode.CONTRACT_WITHOUT_SENDER: """
      select 'Contract', k.id, k.number, null::date from running k
      where not exists (select from sender s where s.contract_id = k.id)""",
    HealthCode.NO_ADMINISTRATOR: """
      select 'Organisation', {row}.id, {row}.name, null::date
      where not exists (select from entitled where role = 'ADMINISTRATOR')""",
    HealthCode.NO_MAIN_ACCESS_MANAGER: f"""
      select 'Organisation', {{row}}.id, {{row}}.name, null::date where not {HAS_MAIN_ACCESS_MANAGER}""",
    HealthCode.NO_LEGAL_REPRESENTATIVE: f"""
      select 'Organisation', {{row}}.id, {{row}}.name, null::date where not {HAS_LEGAL_REPRESENTATIVE}""",
    HealthCode.RIGHT_EXPIRES_UNCOVERED: f"""
      select distinct 'AccessRight', e.right_id, concat_ws(' ', u.given_name, u.family_name), e.last_day
      from entitled e join person u on u.id = e.user_id
      where e.last_day <= brussels_today() + {RECENT} and (
        e.role = 'ADMINISTRATOR' and not {HAS_LEGAL_REPRESENTATIVE} and not exists (
          select from entitled o where o.role = 'ADMINISTRATOR' and o.user_id <> e.user_id and o.last_day > e.last_day)
        or e.role = 'USER' and exists (
          select from sender s where s.right_id = e.right_id and not exists (
            select from sender o where o.contract_id = s.contract_id and o.user_id <> s.user_id
             and o.last_day > s.last_day)))""",
    HealthCode.NOTIFICATION_SUPPRESSED: f"""
      select 'Notification', n.id, k.number, (n.occurred_at at time zone 'Europe/Brussels')::date
      from notification n join contract k on k.id = n.contract_id
      where n.organisation_id = {{row}}.id and n.status = 'SUPPRESSED' and n.occurred_at > now() - {RECENT}
       and not exists (select from routing q where q.notification_id = n.id
                       and q.explanation ->> 'suppressed' = 'CONTRACT_ENDED')""",
    HealthCode.ROUTE_WITHOUT_ADDRESS: f"""
      select 'Organisation', {{row}}.id, {{row}}.name, null::date from last_resort where not reaches
      union all
      select 'Contract', k.id, k.number, null from running k cross join last_resort
      where not reaches and k.email is null and exists (select from {_SUBJECTS} where not {_REACHES_GROUP})""",
    HealthCode.DELIVERY_FAILED: f"""
      select 'Delivery', d.id, k.number, (n.occurred_at at time zone 'Europe/Brussels')::date
      from delivery d join routing q on q.id = d.routing_id join notification n on n.id = q.notification_id
      join contract k on k.id = n.contract_id
      where d.organisation_id = {{row}}.id and d.status in ('FAILED', 'BOUNCED')
       and n.occurred_at > now() - {RECENT}""",
}

_ALL_WARNINGS: Final = " union all ".join(
    f"""select '{code}' as code, {index} as rank, w.* from (
      select * from ({warning}) found(subject_type, subject_id, name, day) order by subject_type desc, subject_id desc
      limit {MAX_WARNINGS}) w"""
    for index, (code, warning) in enumerate(_WARNINGS.items())
)

WARNINGS: Final = f"""with {_ENTITLED}
  select code, subject_type, subject_id, name, day from ({_ALL_WARNINGS}) warning
  order by rank, subject_type desc, subject_id desc"""
"""A row for each warning about the organisation `{row}`: its kind, its subject, and its facts.

Only the newest hundred of each kind are returned. A contract is without a sender when no USER whose right counts has
SEND on a visible theme of it. A right is covered when another person's right serves the same contracts and lasts
longer. A route is without an address when nobody would be mailed about messages, or about documents on some visible
theme.
"""
