"""Which organisations, work relations, rights, mandates, tasks and sessions the actor may see, and which fields."""

from domain.predicate import Predicate, all_of, among, any_of, exists

everyone = Predicate(":person is not null or :authority is not null")
"""Is the actor signed in?"""

persons = Predicate(":person is not null")
"""Is the actor a person (not a machine client)?"""

organisation = any_of(
    all_of("{row}.kind = 'CONTRACTING_AUTHORITY'", everyone),
    among("{row}.id", "acts_for"),
    exists("work_relation ow", "ow.organisation_id = {row}.id", among("ow.user_id", "person")),
    exists("access_mandate om", "om.organisation_id = {row}.id and om.ended_at is null", among("om.user_id", "person")),
    exists("self_registration os", "os.organisation_id = {row}.id", among("os.applicant_id", "person")),
    exists("contract oc", "oc.organisation_id = {row}.id", among("oc.contracting_authority_id", "authority")),
)
"""Contracting authorities; for people the organisations that they act for, have or had a work relation with, have a
mandate in, or requested a right from; for an authority its contractors. A token that restricts a person to one
organisation doesn't hide the others."""

insiders = among("{row}.id", "acts_for")
"""May the actor act for this organisation at all?"""

insiders_of = among("{row}.organisation_id", "acts_for")
"""May the actor act for the row's organisation?"""

administrators = among("{row}.id", "administers")
"""Is the actor ADMINISTRATOR of this organisation?"""

administrators_of = among("{row}.organisation_id", "administers")
"""Is the actor ADMINISTRATOR of the row's organisation?"""

authority = among("{row}.id", "authority")
"""Is the actor the machine client of this contracting authority?"""

authority_of = among("{row}.contracting_authority_id", "authority")
"""Is the actor the machine client of the row's contracting authority?"""

access_managers = among("{row}.id", "manages")
"""Does the actor manage access for this organisation?"""

people_readers = administrators | access_managers
"""May the actor read the people of this organisation?"""

group_readers = administrators | among("{row}.id", "user_of")
"""May the actor read groups of this organisation?"""

contract_readers = any_of(administrators, among("{row}.id", "user_of"), authority)
"""May the actor read contracts of this organisation?"""

_people_readers_of = administrators_of | among("{row}.organisation_id", "manages")

work_relation = among("{row}.user_id", "person") | _people_readers_of
"""The actor's own; all for administrators and access managers."""

access_right = exists("work_relation rw", "rw.id = {row}.work_relation_id", work_relation.aliased("rw"))
"""As its work relation."""

access_mandate = all_of(among("{row}.user_id", "person"), "{row}.ended_at is null") | _people_readers_of
"""The actor's own while it is open; all, including ended ones, for administrators and access managers."""

task = among("{row}.applicant_id", "person") | among("{row}.organisation_id", "manages")
"""The applicant's own; all for access managers."""

applicant_particulars = any_of(
    among("{row}.applicant_id", "person"),
    all_of("{row}.status = 'OPEN'", among("{row}.organisation_id", "manages")),
)
"""May the actor read the applicant's address and telephone number? Applicants their own, access managers while the task
is open."""

session = among("{row}.user_id", "person")
"""The actor's own."""
