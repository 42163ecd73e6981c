"""An organisation with every viewer and objects of every type; the tests build two, each foreign to the other.

Every field of every object has a value, so that null means that the viewer may not read it.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain.actor import NOBODY, Actor
from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AuditEntry,
    Contract,
    ContractType,
    DocumentLevel,
    DocumentStatus,
    Group,
    GroupLink,
    Organisation,
    ReferenceLevel,
    Role,
    Routing,
    TaskStatus,
    Theme,
    User,
    WorkRelation,
)
from domain.models.row import Row
from tests import rows
from tests.authorisation.table import FOREIGN, OWN
from tests.rows.registers import a_registered_person

LEGAL, MAIN, LOCAL = AccessMandateKind
EMPLOYEES = ("main", "manager", "admin", "sender", "drafter", "reader", "specific", "colleague", "former", "employee")
"""Who has a work relation; the last one, without a right, is the target of mutations."""


@dataclass
class SampleOrganisation:
    """An organisation, the authority that awarded its contracts, and everything between them.

    Attributes:
        national_number: The number of a person who is only in the person register.
        people: The organisation's people, by the table's columns.
        actors: The same people and the machine clients as actors.
        objects: The objects of each GraphQL type, by their labels in the table.
    """

    organisation: Organisation
    authority: Organisation
    national_number: str = field(default_factory=rows.a_national_number)
    people: dict[str, User] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    relations: dict[str, WorkRelation] = field(default_factory=dict)
    mandates: dict[str, AccessMandate] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    links: dict[str, GroupLink] = field(default_factory=dict)
    objects: dict[str, dict[str, Row]] = field(default_factory=dict)

    def add(self, type_name: str, label: str, row: Row) -> Row:
        """Adds an object under its label, and returns it."""
        self.objects.setdefault(type_name, {})[label] = row
        return row

    def object(self, type_name: str, label: str) -> Any:
        return self.objects[type_name][label]


async def a_sample_organisation() -> SampleOrganisation:
    """Creates an organisation with every viewer and objects of every type."""
    sample = SampleOrganisation(
        await rows.an_organisation(email="info@aannemer.example"),
        await rows.an_authority(email="info@agentschap.example"),
    )
    sample.add("Organisation", "the contractor", sample.organisation)
    sample.add("Organisation", "the authority", sample.authority)
    sample.add("Theme", "of everybody", await Theme.get(code="INVOICING"))
    sample.add("ContractType", "of everybody", await ContractType.get(code="CONTRACT"))
    await a_registered_person(sample.national_number)
    await _add_work_relations(sample)
    await _add_rights(sample)
    await _add_mandates(sample)
    await _add_tasks(sample)
    contract = await _add_contracts(sample)
    await _add_groups(sample, contract)
    await _add_documents(sample, contract)
    await _add_notifications(sample, contract)
    await _add_audit_entries(sample)
    return sample


async def _add_person(sample: SampleOrganisation, name: str) -> User:
    user = await rows.a_user(family_name=name, birth_date=date(1985, 7, 30))
    sample.people[name] = user
    session = await rows.a_session(user)
    sample.actors[name] = Actor(user_id=user.id, session_id=session.id)
    return user


async def _add_work_relations(sample: SampleOrganisation) -> None:
    today = await rows.today()
    last_days = {"former": today - timedelta(days=1), "colleague": today + timedelta(days=10)}
    for name in EMPLOYEES:
        sample.relations[name] = await rows.a_work_relation(
            await _add_person(sample, name), sample.organisation, last_day=last_days.get(name), phone="03 123 45 67"
        )
    for name in ("legal", "applicant", "newcomer"):
        await _add_person(sample, name)
    sample.actors |= {"authority": Actor(authority_id=sample.authority.id, name="Systeem"), "nobody": NOBODY}
    for label, name in {"the drafter": "drafter", "the administrator": "admin", "the applicant": "applicant"}.items():
        sample.add("User", label, sample.people[name])
    added = await rows.a_user(birth_date=date(1985, 7, 30))
    await rows.an_introduction(sample.organisation, added, language="NL")
    sample.add("User", "a person just added", added)
    sample.add("WorkRelation", "the drafter's", sample.relations["drafter"])
    sample.add("WorkRelation", "the former administrator's", sample.relations["former"])


async def _add_rights(sample: SampleOrganisation) -> None:
    admin = sample.people["admin"]
    for name in ("admin", "former"):
        await rows.a_right(sample.relations[name], Role.ADMINISTRATOR, granted_by=admin)
    for name in ("sender", "reader", "specific", "colleague"):
        await rows.a_right(sample.relations[name], granted_by=admin)
    sample.add("AccessRight", "the drafter's", await rows.a_right(sample.relations["drafter"], granted_by=admin))
    revoked = await rows.a_right(sample.relations["manager"], revoked_at=await rows.now())
    sample.add("AccessRight", "one that was revoked", revoked)


async def _add_mandates(sample: SampleOrganisation) -> None:
    for name, type_name in {"legal": LEGAL, "main": MAIN, "manager": LOCAL}.items():
        sample.mandates[name] = await rows.a_mandate(
            type_name, sample.people[name], sample.organisation, email=f"{name}@aannemer.example"
        )
    sample.add("AccessMandate", "the access manager's", sample.mandates["manager"])
    ended = await rows.a_mandate(LOCAL, None, sample.organisation, ended_at=await rows.now())
    sample.add("AccessMandate", "one that ended", ended)


async def _add_tasks(sample: SampleOrganisation) -> None:
    contact = {"email": "nieuw@aannemer.example", "phone": "03 765 43 21"}
    sample.add(
        "SelfRegistrationTask",
        "the applicant's",
        await rows.a_self_registration(sample.organisation, sample.people["applicant"], **contact),
    )
    decided = await rows.a_self_registration(
        sample.organisation,
        sample.people["colleague"],
        status=TaskStatus.APPROVED,
        decided_by=sample.people["manager"],
        **contact,
    )
    sample.add("SelfRegistrationTask", "the colleague's, decided", decided)


async def _add_contracts(sample: SampleOrganisation) -> Contract:
    columns = {"own_reference": "Werf 12", "email": "werf12@aannemer.example"}
    contract = await rows.a_contract(sample.organisation, sample.authority, **columns)
    sample.add("Contract", "one that the groups are linked to", contract)
    sample.add(
        "Contract",
        "one without groups, ended",
        await rows.a_contract(sample.organisation, sample.authority, ended_at=await rows.now(), **columns),
    )
    return contract


async def _add_groups(sample: SampleOrganisation, contract: Contract) -> None:
    for name, level in {
        "reader": DocumentLevel.READ,
        "drafter": DocumentLevel.DRAFT,
        "sender": DocumentLevel.SEND,
    }.items():
        references = {"CONTRACT": ReferenceLevel.WRITE} if name == "sender" else {}
        group = await rows.a_group(
            sample.organisation,
            name,
            levels={"INVOICING": level},
            references=references,
            email=f"{name}@aannemer.example",
        )
        sample.groups[name] = group
        sample.links[name] = await rows.a_link(contract, group)
        membership = await rows.a_membership(group, sample.relations[name])
        if name == "drafter":
            sample.add("Membership", "the drafter's, fixed", membership)
    specific = await rows.a_membership(sample.groups["reader"], sample.relations["specific"], sample.links["reader"])
    sample.add("Membership", "the contract-specific one", specific)
    sample.add("Group", "the sender's", sample.groups["sender"])
    sample.add("GroupLink", "the reader's", sample.links["reader"])
    deleted = await rows.a_group(sample.organisation, "deleted", active=False)
    sample.add("Group", "one that was deleted", deleted)
    former = await rows.a_membership(deleted, sample.relations["drafter"], ended_at=await rows.now())
    sample.add("Membership", "one that ended", former)
    ended = await rows.a_link(
        sample.object("Contract", "one without groups, ended"), sample.groups["sender"], ended_at=await rows.now()
    )
    sample.add("GroupLink", "one that ended", ended)


async def _add_documents(sample: SampleOrganisation, contract: Contract) -> None:
    received = await rows.a_document(contract, created_by=sample.people["drafter"])
    draft = await rows.a_document(contract, DocumentStatus.DRAFT, created_by=sample.people["drafter"])
    sent = await rows.a_document(contract, DocumentStatus.SENT, sent_by=sample.people["sender"])
    for label, document in {"one received": received, "a draft": draft, "one sent": sent}.items():
        sample.add("Document", label, document)
        sample.add("Attachment", f"of {label}", await rows.an_attachment(document, arrived_at=await rows.now()))
    sample.add("Document", "one whose files are awaited", await rows.a_document(contract, DocumentStatus.EXPECTED))
    sample.add("Message", "one about a document", await rows.a_message(contract, received))
    sample.add(
        "Action", "the drafter's, on a document", await rows.an_action(contract, received, sample.people["drafter"])
    )
    sample.add("Action", "an open one", await rows.an_action(contract))


async def _add_notifications(sample: SampleOrganisation, contract: Contract) -> None:
    subjects = {
        "a document": ("Document", "one received"),
        "a message": ("Message", "one about a document"),
        "an action": ("Action", "an open one"),
    }
    for label, subject in subjects.items():
        notification = await rows.a_notification(contract, sample.object(*subject), status="ROUTED")
        sample.add("Notification", f"about {label}", notification)
        delivery = await rows.a_delivery(await rows.a_routing(notification), status="SENT")
        if label == "a document":
            delivery.last_error = "450 later"
            await delivery.save()
            sample.add("Delivery", "one sent", delivery)
            failed = await rows.a_delivery(await Routing.get(id=delivery.routing_id), status="FAILED")
            sample.add("Delivery", "one that failed", failed)


async def _add_audit_entries(sample: SampleOrganisation) -> None:
    for label, subject in {
        "about a right": sample.object("AccessRight", "the drafter's"),
        "about a group": sample.groups["sender"],
    }.items():
        entry = await AuditEntry.create(
            organisation=sample.organisation,
            actor=sample.people["admin"],
            action="something.done",
            subject_type=type(subject).__name__,
            subject_id=subject.pk,
            reason="Werf",
            before={"a": 1},
            after={"a": 2},
        )
        sample.add("AuditEntry", label, entry)


Samples = dict[str, SampleOrganisation]


async def two_sample_organisations() -> Samples:
    """The viewers' own organisation and a foreign one, whose administrator and authority are viewers as well."""
    own, foreign = await a_sample_organisation(), await a_sample_organisation()
    await rows.a_mandate(LOCAL, foreign.people["admin"], foreign.organisation)
    own.actors |= {"outsider": foreign.actors["admin"], "stranger": foreign.actors["authority"]}
    return {OWN: own, FOREIGN: foreign}
