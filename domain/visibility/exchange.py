"""Which documents, messages, actions and notifications the one who asks may see."""

from domain.models.group import DocumentLevel
from domain.predicate import Predicate
from domain.visibility.access import administers, has_level

document = Predicate(f"""{{row}}.deleted_at is null and (
    {{row}}.contracting_authority_id = :authority and ({{row}}.direction = 'FROM_AUTHORITY' or {{row}}.status = 'SENT')
    or {{row}}.status <> 'EXPECTED' and ({administers("{row}.contract_id")}
       or {has_level("{row}.contract_id", DocumentLevel.READ, "{row}.theme_id")}))""")
"""With READ on its theme, or as ADMINISTRATOR, once it has arrived; for the authority what it sent and was sent."""

attachment = Predicate(f"""{{row}}.removed_at is null and exists (select from document ad
    where ad.id = {{row}}.document_id and ({document.text.replace("{row}", "ad")}))""")
"""As its document."""

message = Predicate(f"""{{row}}.contracting_authority_id = :authority or {administers("{row}.contract_id")}
    or {{row}}.document_id is null and {has_level("{row}.contract_id", DocumentLevel.READ)}
    or exists (select from document md where md.id = {{row}}.document_id
               and {has_level("{row}.contract_id", DocumentLevel.READ, "md.theme_id")})""")
"""With READ on the theme of its document, or on any theme when it is about the contract."""

action = Predicate(f"""{{row}}.contracting_authority_id = :authority or {administers("{row}.contract_id")}
    or {{row}}.document_id is null and {has_level("{row}.contract_id", DocumentLevel.DRAFT)}
    or exists (select from document cd where cd.id = {{row}}.document_id
               and {has_level("{row}.contract_id", DocumentLevel.DRAFT, "cd.theme_id")})""")
"""With DRAFT on the theme of its document, or on any theme when it has none."""

notification = Predicate("{row}.organisation_id = any(:administers)")
"""Administrators."""

routing = Predicate("""exists (select from notification vn where vn.id = {row}.notification_id
    and vn.organisation_id = any(:administers))""")
"""As its notification."""

delivery = Predicate(f"{{row}}.routing_id is not null and {notification.text}")
"""As its notification; the mail that carries a letter is nobody's to see."""

audit_entry = Predicate("""{row}.organisation_id = any(:administers) or {row}.organisation_id = any(:manages)
  and {row}.subject_type in
   ('Organisation', 'User', 'WorkRelation', 'AccessRight', 'AccessMandate', 'SelfRegistration')""")
"""All of the organisation's for administrators; for access managers what concerns managing access. What is about the
organisation itself tells of its data, and of people who were looked up."""
