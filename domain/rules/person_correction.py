"""Corrections of national register numbers by the operator: a person is renumbered, or two are merged."""

from typing import Final

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.clock import NOW
from domain.models import AuditAction, Session, User
from domain.refusals import NumberTaken, SamePerson, WorkRelationsOverlap, WorkRelationsOverlapped
from domain.rules.action_lock import lock_actions_where_assigned
from domain.rules.action_release import release_lost_among
from domain.rules.operators import require_operator
from domain.rules.people_by_number import lock_people, lock_people_and_merged, person_with_number
from domain.rules.person_merge import combined, lock_rows, move_rows, organisations_of
from domain.rules.register_lookup import checked_national_number, registered_person
from domain.rules.saving import save
from domain.sealed_national_number import NO_NUMBER, has_number, number_columns
from domain.text_fields import required_reason

_OVERLAP: Final = """
  select o.name, greatest(a.valid_from, b.valid_from) as first_day, least(a.valid_until, b.valid_until) as last_day
  from work_relation_period a
  join work_relation_period b on b.organisation_id = a.organisation_id and b.user_id = $2::bigint
   and daterange(a.valid_from, a.valid_until, '[]') && daterange(b.valid_from, b.valid_until, '[]')
  join organisation o on o.id = a.organisation_id
  where a.user_id = $1::bigint order by 2 limit 1"""

# Number and subject are unique, so updating them locks the person against inserts of rows that refer to it. Both people
# are locked that way beforehand, in the order of their keys.
_LOCK_IDENTITIES: Final = "select from person where id = any($1::bigint[]) order by id for update"


async def renumber_person(*, actor: Actor, old_number: str, new_number: str, reason: str) -> User:
    """Gives a person another number, with the names and birth date that the register has for it.

    Args:
        actor: The operator.
        old_number: The person's current number, in any usual notation.
        new_number: The person's new number.
        reason: Why.

    Raises:
        Forbidden: The actor is somebody else.
        NationalNumberInvalid: One of the numbers is invalid.
        Refusals: The reason is missing or invalid.
        PersonUnknown, PersonRegisterUnavailable: The register doesn't have the new number, or doesn't answer.
        PersonNotKnownHere: Nobody has the old number.
        NumberTaken: Another person has the new number.
    """
    require_operator(actor)
    old = checked_national_number(old_number, "oldNumber")
    new = checked_national_number(new_number, "newNumber")
    text = required_reason(reason)
    registered = await registered_person(new, "newNumber")
    async with actor_transaction(actor) as act:
        person = person_with_number(await lock_people(act, old), old, "oldNumber")
        if await User.filter(has_number(new)).using_db(act.database).exists():
            raise NumberTaken("newNumber")
        names = {
            "given_name": registered.given_name,
            "family_name": registered.family_name,
            "birth_date": registered.birth_date,
        }
        await save(act, person, **number_columns(new), **names)
        entries = [(person, each, None, None) for each in (None, *await organisations_of(act, person))]
        await act.record_all(AuditAction.PERSON_RENUMBERED, entries, reason=text)
    return person


async def merge_people(*, actor: Actor, old_number: str, new_number: str, reason: str) -> User:
    """Merges the person with the old number into the one with the new number, who gets everything of the former.

    Args:
        actor: The operator.
        old_number: The number of the person who is merged into the other.
        new_number: The number of the person who remains.
        reason: Why.

    Raises:
        Forbidden: The actor is somebody else.
        NationalNumberInvalid: One of the numbers is invalid.
        Refusals: The reason is missing or invalid.
        PersonNotKnownHere: Nobody has one of the numbers.
        SamePerson: One person has both numbers.
        WorkRelationsOverlap: Both have work relations with an organisation on the same future days.
        WorkRelationsOverlapped: Both had work relations with an organisation on the same days, today included.
    """
    require_operator(actor)
    old = checked_national_number(old_number, "oldNumber")
    new = checked_national_number(new_number, "newNumber")
    text = required_reason(reason)
    async with actor_transaction(actor) as act:
        people = await lock_people_and_merged(act, old, new)
        source, target = person_with_number(people, old, "oldNumber"), person_with_number(people, new, "newNumber")
        if source.id == target.id:
            raise SamePerson("newNumber")
        await _require_no_overlap(act, source, target)
        await lock_rows(act, source, target)
        await Session.filter(user_id=source.id, ended_at=None).using_db(act.database).update(ended_at=NOW)
        merged = await move_rows(act, source, target)
        before = {"user": source.id}
        entries = [(target, each.organisation_id, before, each.audit_values()) for each in (combined(merged), *merged)]
        await act.record_all(AuditAction.PEOPLE_MERGED, entries, reason=text)
        # Of two memberships the one that lasts longer was kept, which may not have begun.
        await release_lost_among(act, await lock_actions_where_assigned(act, target.id))
        # Last: from here on, inserts of rows that refer to one of the two wait for the commit.
        await _transfer_identity(act, source, target)
    return target


async def _require_no_overlap(act: ActorTransaction, source: User, target: User) -> None:
    overlaps = await act.database.execute_query_dict(_OVERLAP, [source.id, target.id])
    if not overlaps:
        return
    [overlap] = overlaps
    is_future = overlap["first_day"] > await act.today()
    refusal = WorkRelationsOverlap if is_future else WorkRelationsOverlapped
    days = {"first_day": overlap["first_day"], "last_day": overlap["last_day"]}
    raise refusal("oldNumber", organisation=overlap["name"], **days)


async def _transfer_identity(act: ActorTransaction, source: User, target: User) -> None:
    """Moves the identity of the source to the target, who keeps what they have of it.

    The source's row remains for the audit log, without a number: requests that act as the source find nobody any more.
    """
    identity_columns = ("subject", "language", "birth_date")
    missing = {name: getattr(source, name) for name in identity_columns if getattr(target, name) is None}
    await act.database.execute_query(_LOCK_IDENTITIES, [[source.id, target.id]])
    await save(act, source, merged_into_id=target.id, **dict.fromkeys(identity_columns), **NO_NUMBER)
    if missing:
        await save(act, target, **missing)
