"""Which organisations, work relations, rights, mandates and tasks the one who asks may see, and what of them."""

from domain.predicate import Predicate

everyone = Predicate(":person is not null or :authority is not null")
"""Anyone who is signed in."""

organisation = Predicate("""
  {row}.kind = 'CONTRACTING_AUTHORITY' and (:person is not null or :authority is not null)
  or {row}.id = any(:acts)
  or exists (select from work_relation ow where ow.organisation_id = {row}.id and ow.user_id = :person)
  or exists (select from access_mandate om where om.organisation_id = {row}.id and om.user_id = :person
             and om.ended_at is null)
  or exists (select from self_registration os where os.organisation_id = {row}.id and os.applicant_id = :person)
  or exists (select from contract oc where oc.organisation_id = {row}.id and oc.contracting_authority_id = :authority)
""")
"""Authorities; one's own; where one has or had a work relation, has a mandate, or asked for a right; an authority's
contractors. A token that narrows a person to another organisation doesn't hide these."""

insiders = Predicate("{row}.id = any(:acts)")
"""May the asker act for this organisation at all?"""

administrators = Predicate("{row}.id = any(:administers)")
"""Is the asker ADMINISTRATOR of this organisation?"""

access_managers = Predicate("{row}.id = any(:manages)")
"""Does the asker manage access for this organisation?"""

people_readers = Predicate("{row}.id = any(:administers) or {row}.id = any(:manages)")
"""May the asker read the people of this organisation?"""

group_readers = Predicate("{row}.id = any(:administers) or {row}.id = any(:uses)")
"""May the asker read groups of this organisation?"""

contract_readers = Predicate("{row}.id = any(:administers) or {row}.id = any(:uses) or {row}.id = :authority")
"""May the asker read contracts of this organisation?"""

work_relation = Predicate("""
  {row}.user_id = :person or {row}.organisation_id = any(:administers) or {row}.organisation_id = any(:manages)
""")
"""One's own, and everyone's for administrators and access managers."""

access_right = Predicate(
    "exists (select from work_relation rw where rw.id = {row}.work_relation_id and ("
    + work_relation.text.replace("{row}", "rw")
    + "))"
)
"""As its work relation."""

access_mandate = Predicate("""
  {row}.user_id = :person and {row}.ended_at is null
  or {row}.organisation_id = any(:administers) or {row}.organisation_id = any(:manages)
""")
"""One's own while it stands; all, ended ones too, for administrators and access managers."""

task = Predicate("{row}.applicant_id = :person or {row}.organisation_id = any(:manages)")
"""The applicant's own, and everyone's for access managers."""

applicant_particulars = Predicate(
    "{row}.applicant_id = :person or {row}.status = 'OPEN' and {row}.organisation_id = any(:manages)"
)
"""How an applicant is reached: the applicant's own, and for access managers while the task is open."""

session = Predicate("{row}.user_id = :person")
"""One's own."""
