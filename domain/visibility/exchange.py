"""Which documents, messages, actions and notifications the actor may see."""

from domain.models.group import DocumentLevel
from domain.predicate import Predicate, all_of, among, any_of, exists
from domain.visibility.access import administers, has_level
from domain.visibility.organisations import administrators_of, authority_of


def _of_theme(level: DocumentLevel) -> Predicate:
    """Has the actor the level on the theme of the row's document, or on any theme if it has no document?"""
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
"""Users with READ on its theme and administrators, once it has arrived; the authority, if it sent or was sent it."""

attachment = all_of(
    "{row}.removed_at is null", exists("document ad", "ad.id = {row}.document_id", document.aliased("ad"))
)
"""As its document."""

message = any_of(
    authority_of,
    administers("{row}.contract_id"),
    _of_theme(DocumentLevel.READ),
)
"""Users with READ on the theme of its document, or on any theme if it is about the contract; administrators; the
authority."""

drafter_of_action = _of_theme(DocumentLevel.DRAFT)
"""May the actor, as USER, draw up documents on the theme of the action's document, or on any theme if it has none?"""

action = any_of(authority_of, administers("{row}.contract_id"), drafter_of_action)
"""Users with DRAFT on the theme of its document, or on any theme if it has none; administrators; the authority."""

notification = administrators_of
"""Administrators."""

routing = exists("notification vn", "vn.id = {row}.notification_id", notification.aliased("vn"))
"""As its notification."""

delivery = all_of("{row}.routing_id is not null", notification)
"""As its notification; nobody sees the deliveries of letters."""

audit_entry = any_of(
    administrators_of,
    all_of(
        among("{row}.organisation_id", "manages"),
        """{row}.subject_type in
   ('Organisation', 'User', 'WorkRelation', 'AccessRight', 'AccessMandate', 'SelfRegistration')""",
    ),
)
"""All entries of the organisation for administrators; for access managers those about access. Entries about the
organisation itself are about its data and the people who were looked up."""
