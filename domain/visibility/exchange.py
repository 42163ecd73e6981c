"""Which documents, messages, actions and notifications the actor may see."""

from domain.models.group import DocumentLevel
from domain.predicate import Predicate, all_of, among, any_of, exists
from domain.visibility.access import administers, has_level
from domain.visibility.organisations import administrators_of, authority_of


def _of_theme(level: DocumentLevel) -> Predicate:
    """Has the actor the level on the theme of the document that the row is about; on any, where it is about none?"""
    return any_of(
        all_of("{row}.document_id is null", has_level("{row}.contract_id", level)),
        exists("document rd", "rd.id = {row}.document_id", has_level("{row}.contract_id", level, "rd.theme_id")),
    )


document = all_of(
    "{row}.deleted_at is null",
    any_of(
        all_of(
            authority_of,
            "{row}.direction = 'FROM_AUTHORITY' or {row}.status = 'SENT'",
        ),
        all_of(
            "{row}.status <> 'EXPECTED'",
            any_of(
                administers("{row}.contract_id"),
                has_level("{row}.contract_id", DocumentLevel.READ, "{row}.theme_id"),
            ),
        ),
    ),
)
"""With READ on its theme, or as ADMINISTRATOR, once it has arrived; for the authority what it sent and was sent."""

attachment = all_of(
    "{row}.removed_at is null", exists("document ad", "ad.id = {row}.document_id", document.aliased("ad"))
)
"""As its document."""

message = any_of(
    authority_of,
    administers("{row}.contract_id"),
    _of_theme(DocumentLevel.READ),
)
"""With READ on the theme of its document, or on any theme when it is about the contract."""

drafter_of_action = _of_theme(DocumentLevel.DRAFT)
"""May the actor, as USER, draw up documents on the theme of the action's document, or on any when it has none?"""

action = any_of(authority_of, administers("{row}.contract_id"), drafter_of_action)
"""With DRAFT on the theme of its document, or on any theme when it has none."""

notification = administrators_of
"""Administrators."""

routing = exists("notification vn", "vn.id = {row}.notification_id", notification.aliased("vn"))
"""As its notification."""

delivery = all_of("{row}.routing_id is not null", notification)
"""As its notification; the mail that carries a letter is nobody's to see."""

audit_entry = any_of(
    administrators_of,
    all_of(
        among("{row}.organisation_id", "manages"),
        """{row}.subject_type in
   ('Organisation', 'User', 'WorkRelation', 'AccessRight', 'AccessMandate', 'SelfRegistration')""",
    ),
)
"""All of the organisation's for administrators; for access managers what concerns managing access. What is about the
organisation itself tells of its data, and of people who were looked up."""
