"""Self-registrations, open and decided, and the introduction of a person who was just added."""

from typing import Final, NamedTuple

from domain.models import AccessRight, AccessRightRole, Introduction, Role, SelfRegistration, TaskStatus, WorkRelation
from local.demo_data.addresses import address_of, phone_of
from local.demo_data.demo_rows import DemoRows
from local.demo_data.work_relation_table import BOTH, USER


class _SelfRegistrationRow(NamedTuple):
    person: str
    requested: int
    roles: tuple[Role, ...]
    status: TaskStatus
    decided: int | None = None
    reason: str | None = None


_SELF_REGISTRATIONS: Final = (
    _SelfRegistrationRow("Fatima Benali", 66, USER, TaskStatus.APPROVED, 64, "Zelfregistratie"),
    _SelfRegistrationRow("Emre Özdemir", 25, BOTH, TaskStatus.REJECTED, 23, "Werkt niet bij Wegenbouw Scheldeland"),
    _SelfRegistrationRow("Mohamed El Amrani", 2, USER, TaskStatus.OPEN),
)
_JUST_ADDED: Final = "Frank Thijs"
_DECISION_TIME: Final = "10:30"


async def load_tasks(demo: DemoRows) -> None:
    """Creates the self-registrations at the personas' organisation, and an introduction of today."""
    organisation = demo.organisations["scheldeland"]
    for row in _SELF_REGISTRATIONS:
        applicant = demo.people[row.person]
        await SelfRegistration.create(
            organisation=organisation,
            applicant=applicant,
            asks_administrator=Role.ADMINISTRATOR in row.roles,
            asks_user=Role.USER in row.roles,
            email=address_of(applicant, "scheldeland"),
            phone=phone_of(applicant),
            status=row.status,
            created_at=demo.calendar.moment(row.requested, "20:10"),
            decided_by=demo.people["manager"] if row.decided is not None else None,
            decided_at=demo.calendar.optional_moment(row.decided, _DECISION_TIME),
            decision_reason=row.reason,
        )
        if row.status is TaskStatus.APPROVED and row.decided is not None:
            await _apply_approval(demo, row.person, row.decided)
    await Introduction.create(
        organisation=organisation, user=demo.people[_JUST_ADDED], introduced_by=demo.people["manager"]
    )


async def _apply_approval(demo: DemoRows, person: str, decided: int) -> None:
    """The work relation and the right were created by the approval: at that moment, by who approved."""
    moment, work_relation = demo.calendar.moment(decided, _DECISION_TIME), demo.work_relations["scheldeland", person]
    await WorkRelation.filter(id=work_relation.id).update(created_at=moment)
    await AccessRight.filter(work_relation=work_relation).update(granted_at=moment, granted_by=demo.people["manager"])
    await AccessRightRole.filter(access_right__work_relation=work_relation).update(valid_from=moment)
