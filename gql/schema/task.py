"""Tasks: decisions for access managers."""

from datetime import datetime

import strawberry

from domain import models, visibility
from domain.models import SelfRegistration
from gql.reading.declare import column, guarded, sql, to_one
from gql.reading.paging import Filter, Order, Paging
from gql.reading.sources import entity
from gql.schema.ability import viewer_can
from gql.schema.enums import Ability, Role, TaskStatus
from gql.schema.node import Node
from gql.schema.references import AnOrganisation, AUser, AWorkRelation
from gql.schema.scalars import EmailAddress

TASKS = Paging(
    orders={"CREATED_AT": Order("{row}.created_at", "timestamptz")},
    default=("CREATED_AT", True),
    filters={"status": Filter("{row}.status = :value", "text")},
)


@strawberry.interface(description="A decision for an access manager (taak).")
class Task(Node):
    organisation: AnOrganisation = to_one("The organisation whose access managers decide.")
    status: TaskStatus = column("Open or decided.")
    created_at: datetime = column("When it was created.")
    decided_by: AUser | None = to_one("Who decided.")
    decided_at: datetime | None = column("When it was decided.")
    decision_reason: str | None = column("The reason for the decision.")
    viewer_can: list[Ability] = viewer_can(SelfRegistration)


@entity(
    models.SelfRegistration,
    visible=visibility.task,
    description="A person's request for a right through a link (zelfregistratie, manual 2.1.5).",
)
class SelfRegistrationTask(Task):
    applicant: AUser = to_one("The applicant.")
    requested_roles: list[Role] = sql(
        "The requested roles.",
        """array_remove(array[case when {row}.asks_administrator then 'ADMINISTRATOR' end,
           case when {row}.asks_user then 'USER' end]::text[], null)""",
    )
    email: EmailAddress | None = guarded(
        "The e-mail address that the applicant gave; for access managers while the task is open.",
        visibility.applicant_particulars,
    )
    phone: str | None = guarded(
        "The telephone number that the applicant gave; for access managers while the task is open.",
        visibility.applicant_particulars,
    )
    work_relation: AWorkRelation | None = to_one(
        "The applicant's active or upcoming work relation. If null, an approval must create one (five steps "
        "instead of two).",
        key="""(select tw.id from work_relation tw join work_relation_period tp on tp.work_relation_id = tw.id
           where tw.organisation_id = {row}.organisation_id and tw.user_id = {row}.applicant_id
           and tp.valid_until >= brussels_today() order by tp.valid_from limit 1)""",
    )
