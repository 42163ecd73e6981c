"""Which rows the actor may see: one condition per entity, for queries, rules and the reading of the graph.

The conditions follow the tables of the domain's section on administration ("Who reads what"). Each has a naive
implementation in the tests, which checks it on random data.
"""

from domain.visibility.access import contract
from domain.visibility.exchange import (
    action,
    attachment,
    audit_entry,
    delivery,
    document,
    drafter_of_action,
    message,
    notification,
    routing,
)
from domain.visibility.groups import group, group_link, membership, membership_readers
from domain.visibility.organisations import (
    access_managers,
    access_mandate,
    access_right,
    administrators,
    administrators_of,
    applicant_particulars,
    authority,
    authority_of,
    contract_readers,
    everyone,
    group_readers,
    insiders,
    insiders_of,
    organisation,
    people_readers,
    persons,
    session,
    task,
    work_relation,
)
from domain.visibility.people import INTRODUCED, language, language_elsewhere, personal_data, user

__all__ = [
    "INTRODUCED",
    "access_managers",
    "access_mandate",
    "access_right",
    "action",
    "administrators",
    "administrators_of",
    "applicant_particulars",
    "attachment",
    "audit_entry",
    "authority",
    "authority_of",
    "contract",
    "contract_readers",
    "delivery",
    "document",
    "drafter_of_action",
    "everyone",
    "group",
    "group_link",
    "group_readers",
    "insiders",
    "insiders_of",
    "language",
    "language_elsewhere",
    "membership",
    "membership_readers",
    "message",
    "notification",
    "organisation",
    "people_readers",
    "personal_data",
    "persons",
    "routing",
    "session",
    "task",
    "user",
    "work_relation",
]
