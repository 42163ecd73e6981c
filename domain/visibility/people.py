"""Which people the actor may see, and which personal data."""

from typing import Final

from domain.predicate import all_of, among, any_of, exists
from domain.visibility.groups import membership

_RELATED: Final = any_of(
    among("{row}.id", "person"),
    exists("work_relation pw", "pw.user_id = {row}.id", among("pw.organisation_id", "manages")),
    exists(
        "self_registration ps",
        "ps.applicant_id = {row}.id and ps.status = 'OPEN'",
        among("ps.organisation_id", "manages"),
    ),
)

INTRODUCED: Final = all_of(
    "pi.user_id = {row}.id",
    among("pi.organisation_id", "manages"),
    "pi.introduced_at > now() - interval '24 hours'",
)
"""Is the introduction `pi` one of the person in the last 24 hours, by an organisation that the actor manages?"""

personal_data = _RELATED | exists("introduction pi", INTRODUCED)
"""Birth date and masked number: the actor's own; for access managers those of people whom they added, whose request
they must decide, or who have or had a work relation."""

_HAS_WORK_RELATION: Final = exists(
    "work_relation lw", "lw.user_id = {row}.id", among("lw.organisation_id", "administers")
)

language = personal_data | _HAS_WORK_RELATION
"""As personal data; also for administrators, of people with a work relation."""

language_elsewhere = _RELATED | _HAS_WORK_RELATION
"""May the actor read a language that another organisation gave? Having added the person is not enough."""

_ADMINISTRATOR: Final = """work_relation ua
  join access_right ur on ur.work_relation_id = ua.id and ur.revoked_at is null
  join access_right_role uo on uo.access_right_id = ur.id and uo.valid_to is null and uo.role = 'ADMINISTRATOR'
  join work_relation_period up on up.work_relation_id = ua.id
   and brussels_today() between up.valid_from and up.valid_until"""
"""FROM: active work relations (`ua`) with the role ADMINISTRATOR."""

user = any_of(
    language,
    exists(
        "access_mandate um",
        "um.user_id = {row}.id",
        any_of(among("um.organisation_id", "administers"), among("um.organisation_id", "manages")),
    ),
    exists("self_registration us", "us.applicant_id = {row}.id", among("us.organisation_id", "manages")),
    exists(
        "access_mandate ul",
        "ul.user_id = {row}.id and ul.kind = 'LEGAL_REPRESENTATIVE' and ul.ended_at is null",
        among("ul.organisation_id", "acts_for"),
    ),
    exists(_ADMINISTRATOR, "ua.user_id = {row}.id", among("ua.organisation_id", "acts_for")),
    exists("membership ub", "ub.user_id = {row}.id", membership.aliased("ub")),
)
"""The actor; for administrators and access managers the people of their organisation; for everyone in an organisation
its administrators; for users the members with whom they share a group or a contract."""
