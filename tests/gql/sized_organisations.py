"""Organisations that differ only in size, to compare the cost of a response as rows of every table increase."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain import models as m
from domain.actor import Actor
from domain.sealed_national_number import number_columns as sealed
from gql.reading.ids import global_id
from tests.bulk_rows import BulkRows
from tests.rows import a_national_number, a_serial, an_enterprise_number, now, today

SIZES = (1, 5, 40)


@dataclass(frozen=True)
class SizedOrganisation:
    """An organisation, a viewer who may read all of it, its authority's machine, and ids of the rows with most data."""

    size: int
    viewer: Actor
    machine: Actor
    ids: dict[str, str]
    enterprise_number: str


async def create_sized_organisations() -> list[SizedOrganisation]:
    """Creates one organisation of each size in one database; every field of its rows has a value."""
    rows, day, moment = BulkRows(), await today(), await now()
    organisations = [_OrganisationBuilder(rows, size, day, moment).build() for size in SIZES]
    await rows.load()
    return organisations


class _OrganisationBuilder:
    def __init__(self, rows: BulkRows, size: int, day: date, moment: datetime) -> None:
        self.rows, self.size, self.day, self.moment = rows, size, day, moment
        self.organisation = self._organisation(m.OrganisationKind.ENTERPRISE)
        self.owner = {"organisation_id": self.organisation.id}
        self.authority = self._organisation(m.OrganisationKind.CONTRACTING_AUTHORITY)

    def times(self, make: Callable[[], Any]) -> list[Any]:
        return [make() for _ in range(self.size)]

    def build(self) -> SizedOrganisation:
        people = self.times(self._member)
        viewer = self._viewer(people)
        groups = self.times(lambda: self._group(viewer))
        for work_relation in people:
            self._membership(groups[0], work_relation)
        contracts = self.times(self._contract)
        links = [self._link(contracts[0], group) for group in groups]
        links += [self._link(contract, groups[0]) for contract in contracts[1:]]
        for work_relation in people:
            self._membership(groups[0], work_relation, links[0])
        self.times(lambda: self._correspondence(contracts[0], viewer))
        for contract in contracts[1:]:
            self._correspondence(contract, viewer)
        self.times(lambda: self._question(self.rows.of(m.Document)[-1], viewer))
        for contract in self.times(self._contract):
            self._history(viewer, groups[0], contract)
        return self._result(viewer, groups[0], contracts[0], links[0])

    def _history(self, viewer: m.WorkRelation, group: m.Group, contract: m.Contract) -> None:
        """An ended link and its audit entry."""
        period = {"linked_at": self.moment - timedelta(days=9), "ended_at": self.moment - timedelta(days=2)}
        self.rows.add(m.GroupLink, contract_id=contract.id, group_id=group.id, **period, **self.owner)
        entry = {"action": "CONTRACT_GROUPS_SET", "subject_type": "Contract", "subject_id": contract.id}
        self.rows.add(m.AuditEntry, actor_id=viewer.user_id, after={"groups": [group.id]}, **entry, **self.owner)

    def _result(self, viewer: m.WorkRelation, *rows: Any) -> SizedOrganisation:
        newest = (self.rows.of(model)[-1] for model in (m.Action, m.Document, m.Message, m.Notification, m.User))
        ids = {type(row).__name__: global_id(type(row).__name__, row.id) for row in (viewer, *rows, *newest)}
        ids["Organisation"] = global_id("Organisation", self.organisation.id)
        ids["Authority"] = global_id("Organisation", self.authority.id)
        ids["SelfRegistrationTask"] = global_id("SelfRegistrationTask", len(self.rows.of(m.SelfRegistration)))
        actor = Actor(user_id=viewer.user_id, session_id=1)
        return SizedOrganisation(
            self.size, actor, Actor(authority_id=self.authority.id), ids, self.organisation.enterprise_number
        )

    def _organisation(self, kind: m.OrganisationKind) -> m.Organisation:
        columns = {"enterprise_number": an_enterprise_number(), "name": f"Bedrijf {a_serial()}"}
        return self.rows.add(m.Organisation, kind=kind, email="info@bedrijf.example", **columns)

    def _user(self) -> m.User:
        name = {"given_name": "Els", "family_name": f"De Smet {a_serial()}"}
        return self.rows.add(m.User, language="NL", birth_date=date(1980, 5, 17), **name, **sealed(a_national_number()))

    def _member(self) -> m.WorkRelation:
        """An access manager with a right that expires soon, and their open self-registration."""
        user = self._user()
        self.rows.add(m.SelfRegistration, applicant_id=user.id, asks_administrator=True, asks_user=True, **self.owner)
        self.rows.add(m.AccessMandate, kind=m.AccessMandateKind.ACCESS_MANAGER, user_id=user.id, **self.owner)
        return self._relation(user)

    def _relation(self, user: m.User) -> m.WorkRelation:
        address = {"email": "els@bedrijf.example", "phone": "02 553 11 11"}
        work_relation = self.rows.add(m.WorkRelation, user_id=user.id, **address, **self.owner)
        first = self.day - timedelta(days=100)
        days = {"valid_from": first, "counted_from": first, "valid_until": self.day + timedelta(days=20)}
        self.rows.add(m.WorkRelationPeriod, work_relation_id=work_relation.id, user_id=user.id, **days, **self.owner)
        right = self.rows.add(m.AccessRight, work_relation_id=work_relation.id, reason="Werf", granted_by_id=user.id)
        for role in m.Role:
            self.rows.add(m.AccessRightRole, access_right_id=right.id, role=role)
        return work_relation

    def _viewer(self, people: list[m.WorkRelation]) -> m.WorkRelation:
        user = self._user()
        decision = {"decided_by_id": people[0].user_id, "decided_at": self.moment, "decision_reason": "Ja"}
        for _ in people:
            self.rows.add(m.Session, user_id=user.id, token_digest=_digest(), expires_at=self.moment + timedelta(1))
            request = {"applicant_id": user.id, "asks_administrator": False, "asks_user": True, "status": "APPROVED"}
            self.rows.add(m.SelfRegistration, created_at=self.moment, **request, **decision, **self.owner)
        for kind in (m.AccessMandateKind.LEGAL_REPRESENTATIVE, m.AccessMandateKind.MAIN_ACCESS_MANAGER):
            self.rows.add(m.AccessMandate, kind=kind, user_id=user.id, email="els@bedrijf.example", **self.owner)
        return self._relation(user)

    def _group(self, viewer: m.WorkRelation) -> m.Group:
        name = f"Groep {a_serial()}"
        texts = {"name": name, "name_key": name.casefold(), "description": name, "email": "groep@bedrijf.example"}
        group = self.rows.add(m.Group, **texts, **self.owner)
        self.rows.add(m.GroupThemeLevel, group_id=group.id, theme_id=1, level=m.DocumentLevel.SEND)
        self.rows.add(m.GroupReferenceLevel, group_id=group.id, contract_type_id=1, level=m.ReferenceLevel.WRITE)
        self._membership(group, viewer)
        return group

    def _membership(self, group: m.Group, work_relation: m.WorkRelation, link: m.GroupLink | None = None) -> None:
        member = {"group_id": group.id, "user_id": work_relation.user_id, "work_relation_id": work_relation.id}
        link_columns = {"group_link_id": link.id, "contract_id": link.contract_id} if link else {}
        kind = m.MembershipKind.CONTRACT_SPECIFIC if link else m.MembershipKind.FIXED
        self.rows.add(m.Membership, kind=kind, **member, **link_columns, **self.owner)

    def _contract(self) -> m.Contract:
        parties = {"contracting_authority_id": self.authority.id, **self.owner}
        names = {"number": f"MOW/{a_serial()}", "title": "Brugherstel", "own_reference": "W1", "email": "w@b.example"}
        return self.rows.add(m.Contract, type_id=1, external_id=f"c{a_serial()}", **_content(), **names, **parties)

    def _link(self, contract: m.Contract, group: m.Group) -> m.GroupLink:
        return self.rows.add(m.GroupLink, contract_id=contract.id, group_id=group.id, **self.owner)

    def _correspondence(self, contract: m.Contract, viewer: m.WorkRelation) -> None:
        """A document in each direction, a message and an action, with their notifications and mails."""
        contract_columns = {"contract_id": contract.id, "contracting_authority_id": self.authority.id}
        arrived = {"direction": "FROM_AUTHORITY", "status": "RECEIVED", "received_at": self.moment}
        document = self.rows.add(
            m.Document, theme_id=1, title="Staat", **arrived, **self._external(), **contract_columns
        )
        sent = {"direction": "TO_AUTHORITY", "status": "SENT", "sent_at": self.moment, "sent_by_id": viewer.user_id}
        reply = self.rows.add(
            m.Document, theme_id=1, title="Antwoord", sent_position=a_serial(), **sent, **contract_columns
        )
        for each in (document, reply):
            self._attachment(each)
        message, action = self._question(document, viewer)
        self._notification(contract, "DOCUMENT_RECEIVED", document_id=document.id)
        self._notification(contract, "MESSAGE_RECEIVED", message_id=message.id)
        self._notification(contract, "ACTION_RELEASED", action_id=action.id)

    def _question(self, document: m.Document, viewer: m.WorkRelation) -> tuple[m.Message, m.Action]:
        """A message and an action about a document."""
        about = {"document_id": document.id, "contract_id": document.contract_id}
        about |= {"contracting_authority_id": self.authority.id}
        message = self.rows.add(m.Message, subject="Vraag", body="Wanneer?", **self._external(), **about)
        assignment = {"status": "ASSIGNED", "assignee_id": viewer.user_id, "assigned_at": self.moment}
        return message, self.rows.add(m.Action, title="Aanvullen", **assignment, **self._external(), **about)

    def _attachment(self, document: m.Document) -> None:
        file = {"filename": "staat.pdf", "content_type": "application/pdf", "size": 1, "sha256": "0" * 64}
        key = {"document_id": document.id, "storage_key": str(a_serial())}
        self.rows.add(m.Attachment, arrived_at=self.moment, **key, **file)

    def _notification(self, contract: m.Contract, trigger: str, **about: int) -> None:
        event = {"trigger": trigger, "status": "ROUTED", "contract_id": contract.id, **about}
        notification = self.rows.add(m.Notification, **event, **self.owner)
        routing = self.rows.add(m.Routing, notification_id=notification.id, level="CONTRACT", explanation={})
        sent = {"status": "SENT", "sent_at": self.moment, "attempts": 1, "message_id": f"<{a_serial()}@b.example>"}
        self.rows.add(m.Delivery, routing_id=routing.id, address="w@b.example", **sent, **self.owner)

    def _external(self) -> dict[str, Any]:
        return {"external_id": f"e{a_serial()}", **_content()}


def _digest() -> bytes:
    return a_serial().to_bytes(32, "big")


def _content() -> dict[str, Any]:
    return {"content_digest": _digest()}
