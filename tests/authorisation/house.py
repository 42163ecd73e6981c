"""An organisation with everyone and one object of each kind; the tests build two, so that each is foreign to the other.

Every field of every object is filled, so that what reads as null is kept from the reader.
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
EMPLOYED = ("main", "manager", "admin", "sender", "drafter", "reader", "specific", "colleague", "former", "employee")
"""Who has a work relation; the last one, without a right, is who things are done to."""


@dataclass
class House:
    """An organisation, the authority that awarded its contracts, and everything between them.

    Attributes:
        people: Who is somebody there, by the names of the columns.
        actors: The same as those who ask.
        national_number: Of a person whom the register knows, and we don't.
        things: For each type of the graph its objects, each by what is said of it in the table.
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
    things: dict[str, dict[str, Row]] = field(default_factory=dict)

    def keep(self, kind: str, said: str, row: Row) -> Row:
        """Notes an object of a type."""
        self.things.setdefault(kind, {})[said] = row
        return row

    def thing(self, kind: str, said: str) -> Any:
        return self.things[kind][said]


async def a_house() -> House:
    """A new organisation with everyone and everything."""
    house = House(
        await rows.an_organisation(email="info@aannemer.example"),
        await rows.an_authority(email="info@agentschap.example"),
    )
    house.keep("Organisation", "the contractor", house.organisation)
    house.keep("Organisation", "the authority", house.authority)
    house.keep("Theme", "of everybody", await Theme.get(code="INVOICING"))
    house.keep("ContractType", "of everybody", await ContractType.get(code="CONTRACT"))
    await a_registered_person(house.national_number)
    await _employ(house)
    await _entitle(house)
    await _mandate(house)
    await _tasks(house)
    contract = await _contracts(house)
    await _groups(house, contract)
    await _exchange(house, contract)
    await _mails(house, contract)
    await _audit(house)
    return house


async def _person(house: House, name: str) -> User:
    user = await rows.a_user(family_name=name, birth_date=date(1985, 7, 30))
    house.people[name] = user
    session = await rows.a_session(user)
    house.actors[name] = Actor(user_id=user.id, session_id=session.id)
    return user


async def _employ(house: House) -> None:
    today = await rows.today()
    last_days = {"former": today - timedelta(days=1), "colleague": today + timedelta(days=10)}
    for name in EMPLOYED:
        house.relations[name] = await rows.a_work_relation(
            await _person(house, name), house.organisation, last_day=last_days.get(name), phone="03 123 45 67"
        )
    for name in ("legal", "applicant", "newcomer"):
        await _person(house, name)
    house.actors |= {"authority": Actor(authority_id=house.authority.id, name="Systeem"), "nobody": NOBODY}
    for said, name in {"the drafter": "drafter", "the administrator": "admin", "the applicant": "applicant"}.items():
        house.keep("User", said, house.people[name])
    added = await rows.a_user(birth_date=date(1985, 7, 30))
    await rows.an_introduction(house.organisation, added, language="NL")
    house.keep("User", "a person just added", added)
    house.keep("WorkRelation", "the drafter's", house.relations["drafter"])
    house.keep("WorkRelation", "the former administrator's", house.relations["former"])


async def _entitle(house: House) -> None:
    admin = house.people["admin"]
    for name in ("admin", "former"):
        await rows.a_right(house.relations[name], Role.ADMINISTRATOR, granted_by=admin)
    for name in ("sender", "reader", "specific", "colleague"):
        await rows.a_right(house.relations[name], granted_by=admin)
    house.keep("AccessRight", "the drafter's", await rows.a_right(house.relations["drafter"], granted_by=admin))
    revoked = await rows.a_right(house.relations["manager"], revoked_at=await rows.now())
    house.keep("AccessRight", "one that was revoked", revoked)


async def _mandate(house: House) -> None:
    for name, kind in {"legal": LEGAL, "main": MAIN, "manager": LOCAL}.items():
        house.mandates[name] = await rows.a_mandate(
            kind, house.people[name], house.organisation, email=f"{name}@aannemer.example"
        )
    house.keep("AccessMandate", "the access manager's", house.mandates["manager"])
    ended = await rows.a_mandate(LOCAL, None, house.organisation, ended_at=await rows.now())
    house.keep("AccessMandate", "one that ended", ended)


async def _tasks(house: House) -> None:
    told = {"email": "nieuw@aannemer.example", "phone": "03 765 43 21"}
    house.keep(
        "SelfRegistrationTask",
        "the applicant's",
        await rows.a_self_registration(house.organisation, house.people["applicant"], **told),
    )
    decided = await rows.a_self_registration(
        house.organisation,
        house.people["colleague"],
        status=TaskStatus.APPROVED,
        decided_by=house.people["manager"],
        **told,
    )
    house.keep("SelfRegistrationTask", "the colleague's, decided", decided)


async def _contracts(house: House) -> Contract:
    filled = {"own_reference": "Werf 12", "email": "werf12@aannemer.example"}
    contract = await rows.a_contract(house.organisation, house.authority, **filled)
    house.keep("Contract", "one that the groups are linked to", contract)
    house.keep(
        "Contract",
        "one without groups, ended",
        await rows.a_contract(house.organisation, house.authority, ended_at=await rows.now(), **filled),
    )
    return contract


async def _groups(house: House, contract: Contract) -> None:
    for name, level in {
        "reader": DocumentLevel.READ,
        "drafter": DocumentLevel.DRAFT,
        "sender": DocumentLevel.SEND,
    }.items():
        references = {"CONTRACT": ReferenceLevel.WRITE} if name == "sender" else {}
        group = await rows.a_group(
            house.organisation,
            name,
            levels={"INVOICING": level},
            references=references,
            email=f"{name}@aannemer.example",
        )
        house.groups[name] = group
        house.links[name] = await rows.a_link(contract, group)
        membership = await rows.a_membership(group, house.relations[name])
        if name == "drafter":
            house.keep("Membership", "the drafter's, fixed", membership)
    specific = await rows.a_membership(house.groups["reader"], house.relations["specific"], house.links["reader"])
    house.keep("Membership", "the contract-specific one", specific)
    house.keep("Group", "the sender's", house.groups["sender"])
    house.keep("GroupLink", "the reader's", house.links["reader"])
    deleted = await rows.a_group(house.organisation, "deleted", active=False)
    house.keep("Group", "one that was deleted", deleted)
    former = await rows.a_membership(deleted, house.relations["drafter"], ended_at=await rows.now())
    house.keep("Membership", "one that ended", former)
    ended = await rows.a_link(
        house.thing("Contract", "one without groups, ended"), house.groups["sender"], ended_at=await rows.now()
    )
    house.keep("GroupLink", "one that ended", ended)


async def _exchange(house: House, contract: Contract) -> None:
    received = await rows.a_document(contract, created_by=house.people["drafter"])
    draft = await rows.a_document(contract, DocumentStatus.DRAFT, created_by=house.people["drafter"])
    sent = await rows.a_document(contract, DocumentStatus.SENT, sent_by=house.people["sender"])
    for said, document in {"one received": received, "a draft": draft, "one sent": sent}.items():
        house.keep("Document", said, document)
        house.keep("Attachment", f"of {said}", await rows.an_attachment(document, arrived_at=await rows.now()))
    house.keep("Document", "one whose files are awaited", await rows.a_document(contract, DocumentStatus.EXPECTED))
    house.keep("Message", "one about a document", await rows.a_message(contract, received))
    house.keep(
        "Action", "the drafter's, on a document", await rows.an_action(contract, received, house.people["drafter"])
    )
    house.keep("Action", "an open one", await rows.an_action(contract))


async def _mails(house: House, contract: Contract) -> None:
    abouts = {
        "a document": ("Document", "one received"),
        "a message": ("Message", "one about a document"),
        "an action": ("Action", "an open one"),
    }
    for said, about in abouts.items():
        notification = await rows.a_notification(contract, house.thing(*about), status="ROUTED")
        house.keep("Notification", f"about {said}", notification)
        delivery = await rows.a_delivery(await rows.a_routing(notification), status="SENT")
        if said == "a document":
            delivery.last_error = "450 later"
            await delivery.save()
            house.keep("Delivery", "one sent", delivery)
            failed = await rows.a_delivery(await Routing.get(id=delivery.routing_id), status="FAILED")
            house.keep("Delivery", "one that failed", failed)


async def _audit(house: House) -> None:
    for said, subject in {
        "about a right": house.thing("AccessRight", "the drafter's"),
        "about a group": house.groups["sender"],
    }.items():
        entry = await AuditEntry.create(
            organisation=house.organisation,
            actor=house.people["admin"],
            action="something.done",
            subject_type=type(subject).__name__,
            subject_id=subject.pk,
            reason="Werf",
            before={"a": 1},
            after={"a": 2},
        )
        house.keep("AuditEntry", said, entry)


Houses = dict[str, House]


async def two_houses() -> Houses:
    """The organisation and another one, whose administrator and authority are strangers to the first."""
    own, foreign = await a_house(), await a_house()
    await rows.a_mandate(LOCAL, foreign.people["admin"], foreign.organisation)
    own.actors |= {"outsider": foreign.actors["admin"], "stranger": foreign.actors["authority"]}
    return {OWN: own, FOREIGN: foreign}
