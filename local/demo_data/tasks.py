"""Requests for a right, open and decided, and a person who was just added."""

from typing import Final, NamedTuple

from domain.models import AccessRight, AccessRightRole, Introduction, Role, SelfRegistration, TaskStatus, WorkRelation
from local.demo_data.addresses import address_of, phone_of
from local.demo_data.engagements import BOTH, USER
from local.demo_data.loaded import Loaded


class _Request(NamedTuple):
    person: str
    asked: int
    roles: tuple[Role, ...]
    status: TaskStatus
    decided: int | None = None
    reason: str | None = None


_REQUESTS: Final = (
    _Request("Fatima Benali", 66, USER, TaskStatus.APPROVED, 64, "Zelfregistratie"),
    _Request("Emre Özdemir", 25, BOTH, TaskStatus.REJECTED, 23, "Werkt niet bij Wegenbouw Scheldeland"),
    _Request("Mohamed El Amrani", 2, USER, TaskStatus.OPEN),
)
_JUST_ADDED: Final = "Frank Thijs"
_DECIDED: Final = "10:30"


async def load_tasks(loaded: Loaded) -> None:
    """Makes the requests to the personas' organisation, and the introduction of the person added today."""
    organisation = loaded.organisations["scheldeland"]
    for row in _REQUESTS:
        applicant = loaded.people[row.person]
        decided = row.decided is not None
        await SelfRegistration.create(
            organisation=organisation,
            applicant=applicant,
            asks_administrator=Role.ADMINISTRATOR in row.roles,
            asks_user=Role.USER in row.roles,
            email=address_of(applicant, "scheldeland"),
            phone=phone_of(applicant),
            status=row.status,
            created_at=loaded.calendar.moment(row.asked, "20:10"),
            decided_by=loaded.people["manager"] if decided else None,
            decided_at=loaded.calendar.moment(row.decided, _DECIDED) if row.decided is not None else None,
            decision_reason=row.reason,
        )
        if row.status is TaskStatus.APPROVED and row.decided is not None:
            await _engaged_by_approval(loaded, row.person, row.decided)
    await Introduction.create(
        organisation=organisation, user=loaded.people[_JUST_ADDED], introduced_by=loaded.people["manager"]
    )


async def _engaged_by_approval(loaded: Loaded, person: str, ago: int) -> None:
    """An approval makes the work relation and the right, at once and by whoever approves."""
    moment, relation = loaded.calendar.moment(ago, _DECIDED), loaded.work_relations["scheldeland", person]
    await WorkRelation.filter(id=relation.id).update(created_at=moment)
    await AccessRight.filter(work_relation=relation).update(granted_at=moment, granted_by=loaded.people["manager"])
    await AccessRightRole.filter(access_right__work_relation=relation).update(valid_from=moment)
