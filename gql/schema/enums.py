"""The enumerations of the contract: the domain's own, described for the API's readers."""

from domain.health import HealthCode
from domain.models import (
    AccessMandateKind,
    ActionStatus,
    AuditAction,
    DeliveryStatus,
    DocumentDirection,
    DocumentLevel,
    DocumentStatus,
    Language,
    MembershipKind,
    NotificationLevel,
    NotificationStatus,
    NotificationTrigger,
    OrganisationKind,
    ReferenceLevel,
    Role,
    TaskStatus,
    WorkRelationCategory,
)
from domain.policies.abilities import Ability
from domain.refusals import ErrorCode
from domain.rules.group_name import InactiveGroupChoice
from gql.audit_actions import ACTION_NAMES
from gql.schema.describing import described

__all__ = [
    "Ability",
    "AccessMandateKind",
    "ActionStatus",
    "AuditAction",
    "DeliveryStatus",
    "DocumentDirection",
    "DocumentLevel",
    "DocumentStatus",
    "ErrorCode",
    "HealthCode",
    "InactiveGroupChoice",
    "Language",
    "MembershipKind",
    "NotificationLevel",
    "NotificationStatus",
    "NotificationTrigger",
    "OrganisationKind",
    "ReferenceLevel",
    "Role",
    "TaskStatus",
    "WorkRelationCategory",
]

described(
    Ability,
    """What the viewer may do with an object; tells a frontend which buttons to show.
Organisation: MANAGE_ACCESS, APPOINT_MAIN_ACCESS_MANAGER, APPOINT_ACCESS_MANAGER, ADMINISTER. AccessMandate: UPDATE,
DISMISS. WorkRelation: MANAGE_ACCESS. Group: ADMINISTER. Contract: ADMINISTER, UPDATE, DRAFT, SEND (on any theme).
Document: UPDATE, SEND. Action: ASSIGN, RELEASE, COMPLETE. Task: DECIDE. A machine client has none.""",
    MANAGE_ACCESS="Manage work relations and rights: those of the organisation, or this work relation and its right.",
    APPOINT_MAIN_ACCESS_MANAGER="Appoint the main access manager (hoofdtoegangsbeheerder).",
    APPOINT_ACCESS_MANAGER="Appoint access managers (toegangsbeheerder).",
    ADMINISTER="Manage groups, their members and their links to contracts: all of the organisation, or those of this "
    "group or contract.",
    UPDATE="Change it: the e-mail address of a mandate, reference and e-mail address of a contract, a draft document.",
    DRAFT="Draw up documents (opmaken), on at least one theme.",
    SEND="Send documents (verzenden): this one, or those of at least one theme.",
    ASSIGN="Take the action, or assign it to another user (toewijzen).",
    RELEASE="Release the action (vrijgeven).",
    COMPLETE="Complete the action.",
    DECIDE="Approve or reject the request.",
    DISMISS="End the mandate.",
)
described(
    AccessMandateKind,
    "The kind of a mandate to manage an organisation's access.",
    LEGAL_REPRESENTATIVE="Wettelijke vertegenwoordiger: from the enterprise register; also an ADMINISTRATOR.",
    MAIN_ACCESS_MANAGER="Hoofdtoegangsbeheerder: at most one, appointed by a legal representative.",
    ACCESS_MANAGER="Toegangsbeheerder (lokale beheerder): appointed by a legal representative or the main access "
    "manager.",
)
described(
    ActionStatus,
    "The status of an action.",
    OPEN="Not assigned.",
    ASSIGNED="Toegewezen: assigned to a user.",
    DONE="Completed by its assignee.",
)
described(
    AuditAction,
    "An audited action (handeling); `Query.auditActions` has the display names.",
    **{action.name: f"{name}." for action, name in ACTION_NAMES.items()},
)
described(
    DeliveryStatus,
    "The status of a mail.",
    PENDING="Waiting for its first or next attempt.",
    SENDING="Being sent to the mail server.",
    SENT="Accepted by the mail server.",
    FAILED="Permanently rejected, or abandoned after 48 hours of failed attempts.",
    BOUNCED="Accepted, but bounced later.",
    UNCERTAIN="The connection was lost before the mail server confirmed it.",
)
described(
    DocumentDirection,
    "The direction of a document.",
    FROM_AUTHORITY="Delivered by the contracting authority (aanbesteder).",
    TO_AUTHORITY="Drawn up by the organisation and sent to the contracting authority.",
)
described(
    DocumentLevel,
    "Access to documents of a theme; each level includes the previous ones.",
    NONE="No access.",
    READ="Raadplegen: read.",
    DRAFT="Opmaken: also draw up.",
    SEND="Verzenden: also send.",
)
described(
    DocumentStatus,
    "The status of a document: DRAFT and SENT for the organisation's, EXPECTED and RECEIVED for the authority's.",
    DRAFT="Being drawn up; can still be changed.",
    SENT="Sent; can't be changed any more.",
    EXPECTED="Announced; some attachments haven't arrived yet.",
    RECEIVED="Received with all its attachments.",
)
described(
    ErrorCode,
    "The kinds of refusals.",
    INVALID="The value is invalid.",
    REQUIRED="A value is required.",
    NOT_FOUND="There is no such object, or the viewer may not see it.",
    FORBIDDEN="The viewer may see the object, but not do this.",
    TAKEN="The value is already in use.",
    STALE="The object was changed in the meantime.",
    CONFLICT="Not possible in the current state.",
    EXPIRED="The period of validity is over.",
    UNAVAILABLE="A server of ours or a register doesn't respond, or a limit was exceeded; try again later.",
)
described(
    HealthCode,
    "The kind of a warning.",
    CONTRACT_WITHOUT_SENDER="Nobody may send documents on a contract.",
    NO_ADMINISTRATOR="Nobody has a right with the role ADMINISTRATOR.",
    NO_MAIN_ACCESS_MANAGER="There is no main access manager.",
    NO_LEGAL_REPRESENTATIVE="The enterprise register names no legal representative.",
    RIGHT_EXPIRES_UNCOVERED="A right that nobody else covers ends within 30 days.",
    NOTIFICATION_SUPPRESSED="A notification of the last 30 days reached nobody.",
    ROUTE_WITHOUT_ADDRESS="A notification would reach nobody.",
    DELIVERY_FAILED="A mail of the last 30 days could not be delivered.",
)
described(
    InactiveGroupChoice,
    "What to do about a deleted group with the same name (manual 3.1.1).",
    OVERWRITE="Overschrijven: a new group from the input; the deleted one is never offered again.",
    REACTIVATE="Activeren: the deleted group as it was, without its links to contracts.",
)
described(Language, "A language of mails.", NL="Nederlands.", FR="Frans.", EN="Engels.", DE="Duits.")
described(
    MembershipKind,
    "The kind of a membership.",
    FIXED="Vast lid: for every contract that the group is linked to.",
    CONTRACT_SPECIFIC="Opdrachtspecifiek lid: for one contract only.",
)
described(
    NotificationLevel,
    "A level of addresses; the first level that has one is mailed, and only that one.",
    CONTRACT="Opdracht: the contract's e-mail address.",
    GROUP="Groep: the addresses of linked groups with sufficient rights.",
    ORGANISATION="Onderneming: the organisation's address.",
    USER="Gebruiker: the addresses of members of linked groups with sufficient rights.",
    ADMINISTRATOR="Beheerder: the addresses of the organisation's administrators.",
)
described(
    NotificationStatus,
    "The status of a notification.",
    PENDING="Not routed yet.",
    ROUTED="Routed to at least one address.",
    SUPPRESSED="Nobody is mailed: no level has an address.",
)
described(
    NotificationTrigger,
    "An event that causes a mail (manual 4).",
    CONTRACT_AVAILABLE="A contracting authority published a contract.",
    DOCUMENT_RECEIVED="A document of the authority was received, with all its attachments.",
    MESSAGE_RECEIVED="A message of the authority was received.",
    ACTION_RELEASED="An action was released.",
)
described(
    OrganisationKind,
    "The kind of an organisation.",
    ENTERPRISE="Onderneming.",
    CONSORTIUM="Combinatie van ondernemingen (CVO, THV).",
    CONTRACTING_AUTHORITY="Aanbesteder (aanbestedende overheid).",
)
described(
    ReferenceLevel,
    "Access to the own reference (eigen referentie) of contracts of a type.",
    READ="Raadplegen: read.",
    WRITE="Wijzigen: also change.",
)
described(
    Role,
    "A role of a right.",
    ADMINISTRATOR="Beheerder: reads all contracts and manages groups.",
    USER="Gebruiker: acts on the contracts to which groups give access.",
)
described(
    TaskStatus,
    "The status of a task.",
    OPEN="Not decided yet.",
    APPROVED="Goedgekeurd.",
    REJECTED="Geweigerd.",
)
described(
    WorkRelationCategory,
    "The category of a work relation.",
    PERMANENT="Vaste medewerker.",
    EXTERNAL="Externe medewerker.",
    DELEGATED="Gedelegeerde medewerker.",
)
