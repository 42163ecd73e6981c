"""Organisations."""

from typing import Final

import strawberry

from domain import models, visibility
from domain.access_reasons import ACTIVE_RIGHTS
from domain.health import WARNINGS
from domain.models import Organisation as OrganisationRow
from gql.reading.declare import column, connection, guarded, sql_rows, to_many, to_one
from gql.reading.fields import Argument
from gql.reading.functions import by_function
from gql.reading.joins import join_on
from gql.reading.sources import entity, facet
from gql.resolvers.self_registration import self_registration_link as resolve_link
from gql.schema.ability import viewer_can
from gql.schema.access_mandate import AccessMandate
from gql.schema.access_right import EXPIRING_RIGHTS, AccessRight
from gql.schema.audit_entry import AUDIT_LOG, AuditEntry, AuditEntryFilter
from gql.schema.connection import Connection
from gql.schema.contract import Contract
from gql.schema.contract_list import CONTRACTS, ContractFilter, ContractOrder
from gql.schema.document import RECEIVED_DOCUMENTS, Document
from gql.schema.enums import Ability, OrganisationKind, Role, TaskStatus
from gql.schema.group import GROUPS, Group, GroupFilter
from gql.schema.health import HealthWarning
from gql.schema.node import Node
from gql.schema.notification import NOTIFICATIONS, Notification, NotificationFilter
from gql.schema.references import AUser
from gql.schema.scalars import EmailAddress, EnterpriseNumber
from gql.schema.self_registration import SelfRegistrationLink
from gql.schema.task import TASKS, Task
from gql.schema.user_error import UserError
from gql.schema.work_relation import WORK_RELATIONS, WorkRelation, WorkRelationFilter

ADMINISTRATORS: Final = f"""
  select user_id, (array_agg(email order by email))[1] as email from (
    select w.user_id, w.email from {ACTIVE_RIGHTS}
    where r.revoked_at is null and ro.role = 'ADMINISTRATOR' and w.organisation_id = {{row}}.id
    union all
    select m.user_id, m.email from access_mandate m
    where m.organisation_id = {{row}}.id and m.kind = 'LEGAL_REPRESENTATIVE' and m.ended_at is null
  ) administrator
  join person on person.id = user_id
  group by user_id, person.family_name, person.given_name
  order by lower(person.family_name), lower(person.given_name), user_id"""

CONTRACTS_JOINS: Final = (
    join_on("organisation_id", only="{owner}.kind <> 'CONTRACTING_AUTHORITY'"),
    join_on("contracting_authority_id", only="{owner}.kind = 'CONTRACTING_AUTHORITY'"),
)


@facet("A person with the role ADMINISTRATOR, or a legal representative.", user_id="bigint", email="text")
class Administrator:
    """A person with the role, or a legal representative."""

    user: AUser = to_one("The person.", key="{row}.user_id")
    email: EmailAddress | None = column("The address of the work relation, or of the mandate.")


@entity(
    models.Organisation,
    visible=visibility.organisation,
    description="A party with a unique enterprise number (organisatie, onderneming, aanbesteder).",
)
class Organisation(Node):
    enterprise_number: EnterpriseNumber = column("Ondernemingsnummer (KBO), such as `0123.456.749`.")
    name: str = column("Naam.")
    kind: OrganisationKind = column("Enterprise, consortium or contracting authority.")
    viewer_can: list[Ability] = viewer_can(OrganisationRow)
    email: EmailAddress | None = guarded(
        "The address for notifications if neither contract nor groups have one (manual 4.3); for whoever acts for"
        " the organisation.",
        visibility.insiders,
    )
    administrators: list[Administrator] | None = sql_rows(
        "The administrators (beheerders), by family name; for whoever acts for the organisation.",
        ADMINISTRATORS,
        guard=visibility.insiders,
    )
    access_mandates: list[AccessMandate] | None = to_many(
        "The access mandates, oldest first; for access managers.", "since", "id", guard=visibility.access_managers
    )
    self_registration_link: SelfRegistrationLink | None = by_function(
        "The link for requesting these roles, or, without roles, one of the requester's choice (manual 2.1.5.1); "
        "for access managers.",
        resolve_link,
        {"roles": Argument(list[Role] | None, None, "The roles that the link requests.")},
        guard=visibility.access_managers,
    )
    work_relations: Connection[WorkRelation] | None = connection(
        "The work relations (werkrelaties), by family name.",
        WORK_RELATIONS,
        guard=visibility.people_readers,
        arguments={"filter": Argument(WorkRelationFilter | None, None, "The filter.")},
    )
    expiring_rights: Connection[AccessRight] | None = connection(
        "The rights that end soon, soonest first; for access managers.",
        EXPIRING_RIGHTS,
        join="""exists (select from work_relation jw where jw.id = {row}.work_relation_id
           and jw.organisation_id = {owner}.id)""",
        guard=visibility.access_managers,
        arguments={
            "within_days": Argument(
                int, 30, "The maximum number of days from today to the last day: 0 for those that end today."
            )
        },
    )
    tasks: Connection[Task] | None = connection(
        "The tasks of the access managers, newest first; for them.",
        TASKS,
        guard=visibility.access_managers,
        arguments={"status": Argument(TaskStatus, models.TaskStatus.OPEN, "Only those with this status.")},
    )
    groups: Connection[Group] | None = connection(
        "The groups, by name.",
        GROUPS,
        guard=visibility.group_readers,
        arguments={"filter": Argument(GroupFilter | None, GroupFilter(active=True), "The filter.")},
    )
    contracts: Connection[Contract] | None = connection(
        "The contracts that it carries out; for a contracting authority those that it awarded. Newest first by "
        "default.",
        CONTRACTS,
        join=CONTRACTS_JOINS,
        guard=visibility.contract_readers,
        arguments={
            "filter": Argument(ContractFilter | None, None, "The filter."),
            "order_by": Argument(ContractOrder | None, None, "The order."),
        },
    )
    notifications: Connection[Notification] | None = connection(
        "The notifications, newest first; for administrators.",
        NOTIFICATIONS,
        guard=visibility.administrators,
        arguments={"filter": Argument(NotificationFilter | None, None, "The filter.")},
    )
    received_documents: Connection[Document] | None = connection(
        "For the authority's system: the documents sent to it, oldest first. Poll with `after` and the last "
        "cursor received (an empty page has none): no document is skipped or repeated.",
        RECEIVED_DOCUMENTS,
        join=join_on("contracting_authority_id"),
        guard=visibility.authority,
    )
    audit_log: Connection[AuditEntry] | None = connection(
        "The audit log, newest first: all entries for administrators, those that concern access for access managers.",
        AUDIT_LOG,
        join=join_on("organisation_id"),
        guard=visibility.people_readers,
        arguments={"filter": Argument(AuditEntryFilter | None, None, "The filter.")},
    )
    health: list[HealthWarning] | None = sql_rows(
        "Warnings about what needs attention, at most a hundred of each kind; for administrators.",
        WARNINGS,
        guard=visibility.administrators,
    )
    version: int = column("Changes with its e-mail address.")


@strawberry.input(description="The organisation's e-mail address (manual 4.3).")
class SetOrganisationEmailInput:
    id: strawberry.ID = strawberry.field(description="The organisation.")
    version: int = strawberry.field(description="The organisation's version that the change is based on.")
    email: EmailAddress | None = strawberry.field(
        default=strawberry.UNSET, description="The address; null clears it, omitted leaves it unchanged."
    )


@strawberry.type(description="The organisation that was changed, or the errors.")
class OrganisationPayload:
    organisation: Organisation | None = strawberry.field(description="The organisation; null if refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty on success.")
