"""Variables of the examples on adding people and self-registration."""

from typing import Any, Final

from domain.clock import brussels_today
from domain.database.connection import database
from domain.days import latest_day
from domain.models import Role, SelfRegistration, TaskStatus, WorkRelationPeriod
from domain.policies.abilities import POLICIES, Ability
from domain.self_registration_link import APPLICATION, DOMAIN, NAMES, RIGHT
from domain.standing import Standing
from domain.where import Where
from gql.explorer.samples import PeopleSamples, Samples
from gql.explorer.value_factories import ORGANISATION, ValueFactory
from gql.reading.ids import global_id

EXAMPLE_NATIONAL_NUMBER: Final = "92.04.17-952.13"
"""Assigned to nobody in reality; in the demo, to a person whom only the person register knows."""
EXAMPLE_ENTERPRISE_NUMBER: Final = "0999100196"
"""Assigned to no organisation in reality; in the demo, to the one where most people work."""


async def people_samples(standing: Standing) -> PeopleSamples:
    """The samples."""
    decidable = Where(POLICIES[SelfRegistration][Ability.DECIDE], standing)
    task = await SelfRegistration.filter(decidable, status=TaskStatus.OPEN).order_by("id").first()
    today = await brussels_today(database())
    if task is None:
        return PeopleSamples(None, {})
    has_work_relation = await WorkRelationPeriod.filter(
        user_id=task.applicant_id, organisation_id=task.organisation_id, valid_until__gte=today
    ).exists()
    if has_work_relation:
        return PeopleSamples(task, {})
    return PeopleSamples(task, {"validFrom": today.isoformat(), "validUntil": latest_day(today).isoformat()})


def _person(samples: Samples) -> dict[str, Any]:
    return {"organisationId": ORGANISATION(samples), "nationalNumber": EXAMPLE_NATIONAL_NUMBER}


def _link(samples: Samples) -> dict[str, str]:
    organisation = samples.organisation
    number = organisation.enterprise_number if organisation else EXAMPLE_ENTERPRISE_NUMBER
    return {"an": APPLICATION, "dg": DOMAIN, "ec": RIGHT, "ctx": NAMES[Role.USER], "oc": number}


def _request(samples: Samples) -> dict[str, Any]:
    return {"link": _link(samples), "email": "nieuwe.collega@aannemer.example", "phone": "+32 3 123 45 67"}


def _task_id(samples: Samples) -> str:
    task = samples.people.task
    return global_id("SelfRegistrationTask", task.id) if task else ""


def _approval(samples: Samples) -> dict[str, Any]:
    task, period = samples.people
    role = Role.USER if task is None or task.asks_user else Role.ADMINISTRATOR
    return {"id": _task_id(samples), "roles": [role.value], **period}


def _rejection(samples: Samples) -> dict[str, Any]:
    return {"id": _task_id(samples), "reason": "Werkt niet bij ons"}


PEOPLE_VALUES: Final[dict[str, dict[str, ValueFactory]]] = {
    "LookUpPerson": {"input": _person},
    "AddPerson": {"input": lambda samples: _person(samples) | {"language": "NL"}},
    "SelfRegistrationPage": {"link": _link},
    "RequestSelfRegistration": {"input": _request},
    "ApproveSelfRegistration": {"input": _approval},
    "RejectSelfRegistration": {"input": _rejection},
}
"""The value of each variable of these examples, by operation."""
