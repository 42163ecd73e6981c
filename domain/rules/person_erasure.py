"""An operator erases a person: who it was is forgotten, what they did and had stays on record (domain section 8)."""

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
"""What keeps a person from being erased: SQL for the facts of each obstacle, by its refusal."""


async def erase_person(*, actor: Actor, number: str, reason: str) -> None:
    """Erases what tells who a person is: the number is nobody's afterwards, and its holder may come back as new.

    Rights, memberships and everything else that they had stay, under the one name of all erased people. The key that
    seals their addresses and phone numbers in the audit log is destroyed; the log itself stays as it is.

    Args:
        actor: The operator.
        number: The number that the person is known by, in any usual notation.
        reason: Why; it is kept, and so names nobody.

    Raises:
        Forbidden: The actor is somebody else.
        NationalNumberInvalid: It is no number.
        PersonNotKnownHere: Nobody has it.
        Refusals: There is no reason; or everything that the person can still act by, or is awaited for
            (`PersonStillWorks`, `PersonStillMandated`, `PersonStillApplies`, `PersonStillAssigned`).
    """
    require_operator(actor)
    known = checked_national_number(number, "number")
    text = required_reason(reason)
    async with actor_transaction(actor) as act:
        person = person_with_number(await lock_people_and_merged(act, known), known, "number")
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
