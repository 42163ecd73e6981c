"""The enumerations of the contract: the domain's own, described for the API's readers."""

import strawberry

from domain.health import HealthCode
from domain.models import (
    AccessMandateKind,
    ActionStatus,
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

__all__ = [
    "Ability",
    "AccessMandateKind",
    "ActionStatus",
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

strawberry.enum(
    Ability,
    description="""What the viewer may do with the object that carries it, so that a frontend can show the button.
Organisation: MANAGE_ACCESS, APPOINT_MAIN_ACCESS_MANAGER, APPOINT_ACCESS_MANAGER, ADMINISTER. AccessMandate: UPDATE,
DISMISS. WorkRelation: MANAGE_ACCESS. Group: ADMINISTER. Contract: ADMINISTER, UPDATE, DRAFT, SEND (on any theme).
Document: UPDATE, SEND. Action: ASSIGN, RELEASE, COMPLETE. Task: DECIDE. A machine client: none.""",
)
strawberry.enum(
    AccessMandateKind,
    description="Wettelijke vertegenwoordiger, hoofdtoegangsbeheerder, toegangsbeheerder (lokale beheerder).",
)
strawberry.enum(ActionStatus, description="Open, assigned (toegewezen), done.")
strawberry.enum(
    DeliveryStatus,
    description="""What became of one mail.
PENDING: it waits for its first or next try. SENDING: it is being handed over. SENT: the mail server took it. FAILED: it
was refused for good, or tried in vain for too long. BOUNCED: it was taken, and came back. UNCERTAIN: the connection
broke just when it had been handed over.""",
)
strawberry.enum(DocumentDirection, description="From the contracting authority (aanbesteder), or to it.")
strawberry.enum(
    DocumentLevel,
    description="What may be done with documents of a theme: read (raadplegen), draw up (opmaken), send (verzenden); "
    "each level has the ones before it.",
)
strawberry.enum(
    DocumentStatus,
    description="DRAFT and SENT are the organisation's; EXPECTED (until its attachments have arrived) and RECEIVED the "
    "authority's.",
)
strawberry.enum(
    ErrorCode,
    description="""The kinds of refusals.
INVALID: what is filled in can't be. REQUIRED: it must be filled in. NOT_FOUND: no such object that the viewer may see.
FORBIDDEN: the viewer may see it, and not do this. TAKEN: there is one already. STALE: somebody changed it in the
meantime. CONFLICT: as things stand it can't be done. EXPIRED: it was for some time, which is over. UNAVAILABLE:
something of ours or a register doesn't answer, or was asked too often; try again later.""",
)
strawberry.enum(
    HealthCode,
    description="""What is wrong.
CONTRACT_WITHOUT_SENDER: nobody may send on a contract. NO_ADMINISTRATOR: nobody has a right as ADMINISTRATOR.
NO_MAIN_ACCESS_MANAGER, NO_LEGAL_REPRESENTATIVE: that mandate is vacant. RIGHT_EXPIRES_UNCOVERED: a right ends within 30
days that nobody else covers. NOTIFICATION_SUPPRESSED: in the last 30 days nobody was mailed about something.
ROUTE_WITHOUT_ADDRESS: nobody would be mailed. DELIVERY_FAILED: in the last 30 days a mail could not be delivered.""",
)
strawberry.enum(
    InactiveGroupChoice,
    description="What to do about a deleted group of the same name: overschrijven or activeren (manual 3.1.1).",
)
strawberry.enum(Language, description="Nederlands, Frans, Engels, Duits.")
strawberry.enum(MembershipKind, description="Vast lid; opdrachtspecifiek lid (for one contract only).")
strawberry.enum(
    NotificationLevel,
    description="Where the address stood that was used: opdracht, groep, onderneming, gebruiker, beheerder.",
)
strawberry.enum(NotificationStatus, description="Waiting, routed to somebody, or suppressed: nobody had an address.")
strawberry.enum(
    NotificationTrigger,
    description="The events that are mailed (manual 4): a new contract, a document or message received, an action "
    "released.",
)
strawberry.enum(
    OrganisationKind,
    description="Onderneming; combinatie van ondernemingen (CVO, THV); aanbesteder (aanbestedende overheid).",
)
strawberry.enum(
    ReferenceLevel,
    description="What may be done with the own reference (eigen referentie): read (raadplegen), change (wijzigen).",
)
strawberry.enum(
    Role,
    description="ADMINISTRATOR (Beheerder) reads all contracts and manages groups; USER (Gebruiker) acts on the "
    "contracts that groups open.",
)
strawberry.enum(TaskStatus, description="Open, approved (goedgekeurd), rejected (geweigerd).")
strawberry.enum(WorkRelationCategory, description="Vaste medewerker, externe medewerker, gedelegeerde medewerker.")
