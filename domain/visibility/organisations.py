"""Which organisations, work relations, rights, mandates and tasks the actor may see, and what of them."""

from domain.predicate import Predicate, all_of, among, any_of, exists

everyone = Predicate(":person is not null or :authority is not null")
"""Anyone who is signed in."""

persons = Predicate(":person is not null")
"""Is the actor a person, and no machine client?"""

organisation = any_of(
    all_of("{row}.kind = 'CONTRACTING_AUTHORITY'", everyone),
    among("{row}.id", "acts_for"),
    exists("work_relation ow", "ow.organisation_id = {row}.id", among("ow.user_id", "person")),
    exists("access_mandate om", "om.organisation_id = {row}.id and om.ended_at is null", among("om.user_id", "person")),
    exists("self_registration os", "os.organisation_id = {row}.id", among("os.applicant_id", "person")),
    exists("contract oc", "oc.organisation_id = {row}.id", among("oc.contracting_authority_id", "authority")),
)
"""Authorities; one's own; where one has or had a work relation, has a mandate, or asked for a right; an authority's
contractors. A token that narrows a person to another organisation doesn't hide these."""

insiders = among("{row}.id", "acts_for")
"""May the actor act for this organisation at all?"""

insiders_of = among("{row}.organisation_id", "acts_for")
"""May the actor act for the organisation whose row it is?"""

administrators = among("{row}.id", "administers")
"""Is the actor ADMINISTRATOR of this organisation?"""

administrators_of = among("{row}.organisation_id", "administers")
"""Is the actor ADMINISTRATOR of the organisation whose row it is?"""

authority = among("{row}.id", "authority")
"""Is the actor the machine client of this contracting authority?"""

authority_of = among("{row}.contracting_authority_id", "authority")
"""Is the actor the machine client of the contracting authority that the row came from, or goes to?"""

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
"""One's own, and everyone's for administrators and access managers."""

access_right = exists("work_relation rw", "rw.id = {row}.work_relation_id", work_relation.aliased("rw"))
"""As its work relation."""

access_mandate = all_of(among("{row}.user_id", "person"), "{row}.ended_at is null") | _people_readers_of
"""One's own while it stands; all, ended ones too, for administrators and access managers."""

task = among("{row}.applicant_id", "person") | among("{row}.organisation_id", "manages")
"""The applicant's own, and everyone's for access managers."""

applicant_particulars = any_of(
    among("{row}.applicant_id", "person"),
    all_of("{row}.status = 'OPEN'", among("{row}.organisation_id", "manages")),
)
"""How an applicant is reached: the applicant's own, and for access managers while the task is open."""

session = among("{row}.user_id", "person")
"""One's own."""
