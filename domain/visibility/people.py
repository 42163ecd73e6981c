"""Which people the one who asks may see: by name, and what else of them."""

from domain.predicate import Predicate
from domain.visibility.groups import membership

_TIED = """
  {row}.id = :person
  or exists (select from work_relation pw where pw.user_id = {row}.id and pw.organisation_id = any(:manages))
  or exists (select from self_registration ps where ps.applicant_id = {row}.id and ps.status = 'OPEN'
             and ps.organisation_id = any(:manages))"""

INTRODUCED_TO_ME = """introduction pi where pi.user_id = {row}.id and pi.organisation_id = any(:manages)
  and pi.introduced_at > now() - interval '24 hours'"""
"""FROM and WHERE: how the asker's organisations have added a person (`pi`) in the last day."""

personal_data = Predicate(f"{_TIED} or exists (select from {INTRODUCED_TO_ME})")
"""Birth date and masked number: one's own; for access managers of whom they added, must decide on, or have had."""

_EMPLOYED = """
  exists (select from work_relation lw where lw.user_id = {row}.id and lw.organisation_id = any(:administers))"""

language = personal_data | Predicate(_EMPLOYED)
"""As personal data, and for administrators of their people."""

language_elsewhere = Predicate(f"{_TIED} or {_EMPLOYED}")
"""May the asker know of the person's language what was said of it elsewhere? Not by having added them alone."""

user = Predicate(f"""{personal_data.text}
  or exists (select from work_relation uw where uw.user_id = {{row}}.id and uw.organisation_id = any(:administers))
  or exists (select from access_mandate um where um.user_id = {{row}}.id
             and (um.organisation_id = any(:administers) or um.organisation_id = any(:manages)))
  or exists (select from self_registration us where us.applicant_id = {{row}}.id and us.organisation_id = any(:manages))
  or exists (select from access_mandate ul where ul.user_id = {{row}}.id and ul.kind = 'LEGAL_REPRESENTATIVE'
             and ul.ended_at is null and ul.organisation_id = any(:acts))
  or exists (select from work_relation ua
             join access_right ur on ur.work_relation_id = ua.id and ur.revoked_at is null
             join access_right_role uo on uo.access_right_id = ur.id and uo.valid_to is null
              and uo.role = 'ADMINISTRATOR'
             join work_relation_period up on up.work_relation_id = ua.id
              and brussels_today() between up.valid_from and up.valid_until
             where ua.user_id = {{row}}.id and ua.organisation_id = any(:acts))
  or exists (select from membership ub where ub.user_id = {{row}}.id and ({membership.text.replace("{row}", "ub")}))
""")
"""Oneself; an organisation's people for those who manage or administer it; its administrators for everyone in it; and
for users the members whom they share a group or a contract with."""
