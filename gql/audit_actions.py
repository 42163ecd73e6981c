"""The names of audited actions and of their actors in the reader's language."""

from typing import Final

from domain.actor import OPERATOR, SYSTEM
from domain.models import AuditAction
from wording import text

ACTION_NAMES: Final = {
    AuditAction.ACCESS_MANAGER_APPOINTED: "Access manager appointed",
    AuditAction.ACCESS_MANAGER_DISMISSED: "Mandate of an access manager ended",
    AuditAction.ACCESS_RIGHT_CHANGED: "Right changed",
    AuditAction.ACCESS_RIGHT_GRANTED: "Right granted",
    AuditAction.ACCESS_RIGHT_REVOKED: "Right revoked",
    AuditAction.ACTION_ASSIGNED: "Action assigned",
    AuditAction.ACTION_COMPLETED: "Action completed",
    AuditAction.ACTION_OPENED: "Action opened",
    AuditAction.ACTION_RELEASED: "Action released",
    AuditAction.ACTION_RELEASED_WITHOUT_ACCESS: "Action released because its assignee lost access",
    AuditAction.ATTACHMENT_ANNOUNCED: "Attachment announced",
    AuditAction.ATTACHMENT_ARRIVED: "Attachment arrived",
    AuditAction.ATTACHMENT_REMOVED: "Attachment removed",
    AuditAction.CONTRACT_CORRECTED: "Contract corrected by the contracting authority",
    AuditAction.CONTRACT_ENDED: "Contract ended",
    AuditAction.CONTRACT_GROUPS_SET: "Linked groups of a contract changed",
    AuditAction.CONTRACT_PUBLISHED: "Contract published",
    AuditAction.CONTRACT_SPECIFIC_MEMBERS_SET: "Contract-specific members changed",
    AuditAction.CONTRACT_UPDATED: "Own reference or e-mail address of a contract changed",
    AuditAction.DELIVERY_GIVEN_UP: "Incomplete delivery of a document lapsed",
    AuditAction.DELIVERY_RETRIED: "Mail tried again",
    AuditAction.DOCUMENT_ANNOUNCED: "Document announced",
    AuditAction.DOCUMENT_CHANGED: "Draft changed",
    AuditAction.DOCUMENT_DELIVERED: "Document received",
    AuditAction.DOCUMENT_DRAFTED: "Document drawn up",
    AuditAction.DOCUMENT_SENT: "Document sent",
    AuditAction.DRAFT_DELETED: "Draft deleted",
    AuditAction.GROUP_CREATED: "Group created",
    AuditAction.GROUP_DELETED: "Group deleted",
    AuditAction.GROUP_MEMBER_REMOVED: "Member removed from a group",
    AuditAction.GROUP_OVERWRITTEN: "Deleted group overwritten",
    AuditAction.GROUP_REACTIVATED: "Deleted group reactivated",
    AuditAction.GROUP_UPDATED: "Group changed",
    AuditAction.LEGAL_REPRESENTATIVE_CAME: "Legal representative added",
    AuditAction.LEGAL_REPRESENTATIVE_LEFT: "Legal representative left",
    AuditAction.MACHINE_CLIENT_ADDED: "System of the contracting authority added",
    AuditAction.MACHINE_CLIENT_ENDED: "Access of a system ended",
    AuditAction.MANDATE_EMAIL_SET: "E-mail address of a mandate changed",
    AuditAction.MESSAGE_DELIVERED: "Message received",
    AuditAction.ORGANISATION_EMAIL_SET: "E-mail address of the organisation changed",
    AuditAction.ORGANISATION_REGISTERED: "Organisation registered",
    AuditAction.ORGANISATION_UPDATED: "Organisation brought up to date from the enterprise register",
    AuditAction.PEOPLE_MERGED: "People merged",
    AuditAction.PERSON_ADDED: "Person added",
    AuditAction.PERSON_ASKED_FOR: "Person asked for in order to be added",
    AuditAction.PERSON_ERASED: "Person erased",
    AuditAction.PERSON_LOOKED_UP: "Person looked up",
    AuditAction.PERSON_RENUMBERED: "National register number corrected",
    AuditAction.SELF_REGISTRATION_APPROVED: "Self-registration approved",
    AuditAction.SELF_REGISTRATION_REJECTED: "Self-registration rejected",
    AuditAction.SELF_REGISTRATION_REQUESTED: "Self-registration requested",
    AuditAction.UPLOAD_GIVEN_UP: "Attachment that never arrived lapsed",
    AuditAction.WORK_RELATION_CHANGED: "Work relation changed",
    AuditAction.WORK_RELATION_CREATED: "Work relation made",
    AuditAction.WORK_RELATION_ENDED: "Work relation ended",
}
"""The English name of each action, in the order in which a menu shows them."""
ACTOR_NAMES: Final = {SYSTEM.name: "The system", OPERATOR.name: "The operator"}
"""The English names of actors that are neither people nor systems of authorities, by the name stored in entries."""
ABOUT_ACCESS: Final = frozenset(
    {
        action
        for action in AuditAction
        if action.startswith(
            (
                "ACCESS_",
                "LEGAL_REPRESENTATIVE_",
                "MANDATE_",
                "ORGANISATION_",
                "PEOPLE_",
                "PERSON_",
                "SELF_REGISTRATION_",
                "WORK_RELATION_",
            )
        )
    }
)
"""The actions about people, their access, and the organisation, which access managers may read, too."""


def action_name(language: str, action: str) -> str:
    """The name of an action; for one that no longer exists, the code that is stored."""
    return text(language, ACTION_NAMES[AuditAction(action)]) if action in AuditAction.__members__ else action


def actor_name(language: str, name: str) -> str:
    """The name of an actor, given the name stored in the entry; people and machine clients keep their own."""
    return text(language, ACTOR_NAMES[name]) if name in ACTOR_NAMES else name
