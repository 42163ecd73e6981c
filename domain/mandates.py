"""Conditions in SQL on mandates: which count today, and which an organisation has."""

from typing import Final


def mandate_counts(mandate: str) -> str:
    """Does the mandate of that alias count today?

    A legal representative's counts until it ends. Any other counts while the work relation that its holder had when
    appointed is active, extensions included; a new work relation doesn't restore it.
    """
    return f"""{mandate}.ended_at is null and ({mandate}.kind = 'LEGAL_REPRESENTATIVE' or exists (
      select from work_relation_period p join work_relation pw on pw.id = p.work_relation_id
      where p.user_id = {mandate}.user_id and p.organisation_id = {mandate}.organisation_id
      and brussels_today() between p.valid_from and p.valid_until and pw.created_at <= {mandate}.since))"""


HAS_LEGAL_REPRESENTATIVE: Final = """exists (select from access_mandate lm where lm.organisation_id = {row}.id
    and lm.kind = 'LEGAL_REPRESENTATIVE' and lm.ended_at is null)"""
"""Has the organisation `{row}` a legal representative?"""

HAS_MAIN_ACCESS_MANAGER: Final = f"""exists (select from access_mandate hm
  where hm.organisation_id = {{row}}.id and hm.kind = 'MAIN_ACCESS_MANAGER' and {mandate_counts("hm")})"""
"""Has the organisation `{row}` a main access manager whose mandate counts today?"""
