"""The models, one file per noun. Foreign keys and their names are only declared here."""

from domain.delivery_status import DeliveryStatus
from domain.models.access_mandate import AccessMandate, AccessMandateKind
from domain.models.access_right import AccessRight, AccessRightRole, Role
from domain.models.action import Action, ActionStatus, Assignment
from domain.models.audit_action import AuditAction, UnlistedAction
from domain.models.audit_entry import AuditEntry
from domain.models.audit_link import AuditLink
from domain.models.contract import Contract, FormerContractType
from domain.models.contract_type import ContractType
from domain.models.document import Attachment, Document, DocumentDirection, DocumentStatus
from domain.models.group import DocumentLevel, Group, GroupReferenceLevel, GroupThemeLevel, ReferenceLevel
from domain.models.group_link import GroupLink
from domain.models.letter import Letter, LetterKind
from domain.models.machine_client import MachineClient
from domain.models.membership import Membership, MembershipKind
from domain.models.message import Message
from domain.models.notification import (
    Delivery,
    Notification,
    NotificationLevel,
    NotificationStatus,
    NotificationTrigger,
    Routing,
)
from domain.models.organisation import Organisation, OrganisationKind
from domain.models.registered import RegisteredEnterpriseRow, RegisteredPersonRow, RegisteredRepresentativeRow
from domain.models.self_registration import SelfRegistration, TaskStatus
from domain.models.session import Session
from domain.models.theme import Theme
from domain.models.trusted_document import TrustedDocument
from domain.models.user import Introduction, Language, PersonalKey, User, person_key
from domain.models.work_relation import WorkRelation, WorkRelationCategory, WorkRelationPeriod

__all__ = [
    "AccessMandate",
    "AccessMandateKind",
    "AccessRight",
    "AccessRightRole",
    "Action",
    "ActionStatus",
    "Assignment",
    "Attachment",
    "AuditAction",
    "AuditEntry",
    "AuditLink",
    "Contract",
    "ContractType",
    "Delivery",
    "DeliveryStatus",
    "Document",
    "DocumentDirection",
    "DocumentLevel",
    "DocumentStatus",
    "FormerContractType",
    "Group",
    "GroupLink",
    "GroupReferenceLevel",
    "GroupThemeLevel",
    "Introduction",
    "Language",
    "Letter",
    "LetterKind",
    "MachineClient",
    "Membership",
    "MembershipKind",
    "Message",
    "Notification",
    "NotificationLevel",
    "NotificationStatus",
    "NotificationTrigger",
    "Organisation",
    "OrganisationKind",
    "PersonalKey",
    "ReferenceLevel",
    "RegisteredEnterpriseRow",
    "RegisteredPersonRow",
    "RegisteredRepresentativeRow",
    "Role",
    "Routing",
    "SelfRegistration",
    "Session",
    "TaskStatus",
    "Theme",
    "TrustedDocument",
    "UnlistedAction",
    "User",
    "WorkRelation",
    "WorkRelationCategory",
    "WorkRelationPeriod",
    "person_key",
]
