"""Erasure of people by the operator: the identity is erased, the history is kept (domain section 8)."""

from typing import Final

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import AuditAction, User
from domain.refusals import (
    Findings,
    PersonStillApplies,
    PersonStillAssigned,
    PersonStillMandated,
    PersonStillWorks,
    Refusal,
)
from domain.rules.operators import require_operator
from domain.rules.people_by_number import lock_people_and_merged, person_with_number
from domain.rules.person_merge import organisations_of
from domain.rules.personal_data_erasure import erase_personal_data
from domain.rules.register_lookup import checked_national_number
from domain.text_fields import required_reason

OBSTACLES: Final[dict[type[Refusal], str]] = {
    PersonStillWorks: """select o.name as organisation, max(p.valid_until) as last_day
      from work_relation_period p join organisation o on o.id = p.organisation_id
      where p.user_id = $1::bigint and p.valid_until >= brussels_today() group by o.id order by 1""",
    PersonStillMandated: """select distinct o.name as organisation
      from access_mandate m join organisation o on o.id = m.organisation_id
      where m.user_id = $1::bigint and m.ended_at is null order by 1""",
    PersonStillApplies: """select o.name as organisation
      from self_registration s join organisation o on o.id = s.organisation_id
      where s.applicant_id = $1::bigint and s.status = 'OPEN' order by 1""",
    PersonStillAssigned: """select a.title as action, c.number as contract, o.name as organisation
      from action a join contract c on c.id = a.contract_id join organisation o on o.id = c.organisation_id
      where a.assignee_id = $1::bigint and a.status = 'ASSIGNED' order by a.id""",
}
"""The obstacles to erasing a person: SQL for the facts of each, by its refusal."""


async def erase_person(*, actor: Actor, number: str, reason: str) -> None:
    """Erases a person's identity; the number is free afterwards, and its holder may be added again as a new person.

    Rights, memberships and the rest of the history stay, under the name that all erased people have. The key that seals
    their addresses and phone numbers in the audit log is destroyed; the entries stay.

    Args:
        actor: The operator.
        number: The person's number, in any usual notation.
        reason: Why. It is kept, so it should name nobody.

    Raises:
        Forbidden: The actor is somebody else.
        NationalNumberInvalid: The number is invalid.
        PersonNotKnownHere: Nobody has it.
        Refusals: The reason is missing or invalid; or one for each work relation, mandate, request and action that the
            person still has (`PersonStillWorks`, `PersonStillMandated`, `PersonStillApplies`, `PersonStillAssigned`).
    """
    require_operator(actor)
    digits = checked_national_number(number, "number")
    text = required_reason(reason)
    async with actor_transaction(actor) as act:
        person = person_with_number(await lock_people_and_merged(act, digits), digits, "number")
        await _require_no_obstacle(act, person)
        entries = [(person, each, None, None) for each in (None, *await organisations_of(act, person))]
        await erase_personal_data(act, person)
        await act.record_all(AuditAction.PERSON_ERASED, entries, reason=text)


async def _require_no_obstacle(act: ActorTransaction, person: User) -> None:
    findings = Findings()
    for refusal, statement in OBSTACLES.items():
        for facts in await act.database.execute_query_dict(statement, [person.id]):
            findings.add(refusal("number", **facts))
    findings.raise_if_any()
