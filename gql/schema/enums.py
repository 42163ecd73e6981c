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
from domain.rules.group_names import InactiveGroupChoice
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
    """What the viewer may do with the object that carries it, so that a frontend can show the button.
Organisation: MANAGE_ACCESS, APPOINT_MAIN_ACCESS_MANAGER, APPOINT_ACCESS_MANAGER, ADMINISTER. AccessMandate: UPDATE,
DISMISS. WorkRelation: MANAGE_ACCESS. Group: ADMINISTER. Contract: ADMINISTER, UPDATE, DRAFT, SEND (on any theme).
Document: UPDATE, SEND. Action: ASSIGN, RELEASE, COMPLETE. Task: DECIDE. A machine client: none.""",
    MANAGE_ACCESS="Manage work relations and rights: those of the organisation, or this work relation and its right.",
    APPOINT_MAIN_ACCESS_MANAGER="Appoint the main access manager (hoofdtoegangsbeheerder).",
    APPOINT_ACCESS_MANAGER="Appoint access managers (toegangsbeheerder).",
    ADMINISTER="Manage groups, their members and their links to contracts: all of them, or what has to do with this "
    "group or contract.",
    UPDATE="Change it: the e-mail address of a mandate, limited data of a contract, a document that is a draft.",
    DRAFT="Draw up documents (opmaken), in one theme at least.",
    SEND="Send documents (verzenden): this one, or those of one theme at least.",
    ASSIGN="Take the action, or assign it to another user (toewijzen).",
    RELEASE="Give the action back (vrijgeven).",
    COMPLETE="Say that the action is done.",
    DECIDE="Approve or reject the request.",
    DISMISS="End the mandate.",
)
described(
    AccessMandateKind,
    "By what somebody manages the access of an organisation.",
    LEGAL_REPRESENTATIVE="Wettelijke vertegenwoordiger: named by the enterprise register; an ADMINISTRATOR, too.",
    MAIN_ACCESS_MANAGER="Hoofdtoegangsbeheerder: one at most, appointed by a legal representative.",
    ACCESS_MANAGER="Toegangsbeheerder (lokale beheerder): appointed by one of the other two.",
)
described(
    ActionStatus,
    "How far an action is.",
    OPEN="Nobody has it in hand.",
    ASSIGNED="Toegewezen: a user has it in hand.",
    DONE="A user completed it.",
)
described(
    AuditAction,
    "What an organisation's audit log tells of (handeling); `Query.auditActions` has the names for readers.",
    **{action.name: f"{name}." for action, name in ACTION_NAMES.items()},
)
described(
    DeliveryStatus,
    "What became of one mail.",
    PENDING="It waits for its first or next try.",
    SENDING="It is being handed over.",
    SENT="The mail server took it.",
    FAILED="It was refused for good, or tried in vain for too long.",
    BOUNCED="It was taken, and came back.",
    UNCERTAIN="The connection broke just when it had been handed over.",
)
described(
    DocumentDirection,
    "Who sends the document to whom.",
    FROM_AUTHORITY="The contracting authority (aanbesteder) delivers it.",
    TO_AUTHORITY="The organisation draws it up and sends it to the contracting authority.",
)
described(
    DocumentLevel,
    "What may be done with documents of a theme; each level has the ones before it.",
    NONE="Nothing.",
    READ="Raadplegen: read.",
    DRAFT="Opmaken: draw up, too.",
    SEND="Verzenden: send, too.",
)
described(
    DocumentStatus,
    "DRAFT and SENT are the organisation's; EXPECTED and RECEIVED the authority's.",
    DRAFT="It is drawn up, and can still be changed.",
    SENT="It was sent, and never changes any more.",
    EXPECTED="It was announced; attachments of it haven't arrived yet.",
    RECEIVED="It arrived, with all its attachments.",
)
described(
    ErrorCode,
    "The kinds of refusals.",
    INVALID="What is filled in can't be.",
    REQUIRED="It must be filled in.",
    NOT_FOUND="There is no such object that the viewer may see.",
    FORBIDDEN="The viewer may see it, and not do this.",
    TAKEN="There is one already.",
    STALE="Somebody changed it in the meantime.",
    CONFLICT="As things stand it can't be done.",
    EXPIRED="It was for some time, which is over.",
    UNAVAILABLE="Something of ours or a register doesn't answer, or was asked too often; try again later.",
)
described(
    HealthCode,
    "What is wrong.",
    CONTRACT_WITHOUT_SENDER="Nobody may send on a contract.",
    NO_ADMINISTRATOR="Nobody has a right as ADMINISTRATOR.",
    NO_MAIN_ACCESS_MANAGER="There is no main access manager.",
    NO_LEGAL_REPRESENTATIVE="The enterprise register names no legal representative.",
    RIGHT_EXPIRES_UNCOVERED="A right ends within 30 days that nobody else covers.",
    NOTIFICATION_SUPPRESSED="In the last 30 days nobody was mailed about something.",
    ROUTE_WITHOUT_ADDRESS="Nobody would be mailed.",
    DELIVERY_FAILED="In the last 30 days a mail could not be delivered.",
)
described(
    InactiveGroupChoice,
    "What to do about a deleted group of the same name (manual 3.1.1).",
    OVERWRITE="Overschrijven: a new group with what is filled in; the deleted one is never offered again.",
    REACTIVATE="Activeren: the deleted group as it was, without its links to contracts.",
)
described(Language, "A language to write to people in.", NL="Nederlands.", FR="Frans.", EN="Engels.", DE="Duits.")
described(
    MembershipKind,
    "For which contracts somebody is in a group.",
    FIXED="Vast lid: for every contract that the group is linked to.",
    CONTRACT_SPECIFIC="Opdrachtspecifiek lid: for one contract only.",
)
described(
    NotificationLevel,
    "Where the address stood that was used; the first level that has one is mailed, and only that one.",
    CONTRACT="Opdracht: the contract's e-mail address.",
    GROUP="Groep: those of the linked groups that have the right rights.",
    ORGANISATION="Onderneming: the organisation's.",
    USER="Gebruiker: those of the members of the linked groups that have the right rights.",
    ADMINISTRATOR="Beheerder: those of the organisation's administrators.",
)
described(
    NotificationStatus,
    "Whether it is known who is mailed.",
    PENDING="That is still to be found out.",
    ROUTED="Somebody is mailed.",
    SUPPRESSED="Nobody is: nobody had an address.",
)
described(
    NotificationTrigger,
    "The events that are mailed (manual 4).",
    CONTRACT_AVAILABLE="A contracting authority published a contract.",
    DOCUMENT_RECEIVED="A document of the authority arrived, with all its attachments.",
    MESSAGE_RECEIVED="A message of the authority arrived.",
    ACTION_RELEASED="An action was given back.",
)
described(
    OrganisationKind,
    "What an organisation is.",
    ENTERPRISE="Onderneming.",
    CONSORTIUM="Combinatie van ondernemingen (CVO, THV).",
    CONTRACTING_AUTHORITY="Aanbesteder (aanbestedende overheid).",
)
described(
    ReferenceLevel,
    "What may be done with the own reference (eigen referentie) of contracts of a type.",
    READ="Raadplegen: read.",
    WRITE="Wijzigen: change, too.",
)
described(
    Role,
    "What a right is for.",
    ADMINISTRATOR="Beheerder: reads all contracts and manages groups.",
    USER="Gebruiker: acts on the contracts that groups open.",
)
described(
    TaskStatus,
    "How far a task is.",
    OPEN="Nobody has decided yet.",
    APPROVED="Goedgekeurd.",
    REJECTED="Geweigerd.",
)
described(
    WorkRelationCategory,
    "How somebody works for an organisation.",
    PERMANENT="Vaste medewerker.",
    EXTERNAL="Externe medewerker.",
    DELEGATED="Gedelegeerde medewerker.",
)
