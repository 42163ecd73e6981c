"""Who manages access for an organisation `{row}` today: conditions on it, in SQL."""

from typing import Final

HAS_LEGAL_REPRESENTATIVE: Final = """exists (select from access_mandate lm where lm.organisation_id = {row}.id
    and lm.kind = 'LEGAL_REPRESENTATIVE' and lm.ended_at is null)"""
"""Has it a legal representative, as far as the enterprise register names one?"""

HAS_MAIN_ACCESS_MANAGER: Final = """exists (
  select from access_mandate hm
  join work_relation_period hp on hp.user_id = hm.user_id and hp.organisation_id = hm.organisation_id
   and brussels_today() between hp.valid_from and hp.valid_until
  where hm.organisation_id = {row}.id and hm.kind = 'MAIN_ACCESS_MANAGER' and hm.ended_at is null)"""
"""Has it a main access manager whose mandate counts, so one with a work relation that runs today?"""
