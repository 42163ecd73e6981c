"""An operator corrects a number: a BIS number became a national one, or somebody typed it wrongly."""

from typing import Final

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.clock import NOW
from domain.models import AuditAction, Session, User
from domain.refusals import (
    NumberTaken,
    SamePerson,
    WorkRelationsOverlap,
    WorkRelationsOverlapped,
)
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

# Number and subject are unique: while one changes, PostgreSQL lets nobody write a row that refers to the person.
_LOCK_IDENTITIES: Final = "select from person where id = any($1::bigint[]) order by id for update"


async def renumber_person(*, actor: Actor, old_number: str, new_number: str, reason: str) -> User:
    """Gives a person another number, with the names and birth date that the register tells of it.

    Args:
        actor: The operator.
        old_number: The number that the person is known by, in any usual notation.
        new_number: The number that the person is to have.
        reason: Why.

    Raises:
        Forbidden: The actor is somebody else.
        NationalNumberInvalid: One of them is none.
        Refusals: There is no reason.
        PersonUnknown, PersonRegisterUnavailable: The register doesn't tell whose the new number is.
        PersonNotKnownHere: Nobody has the old number.
        NumberTaken: Somebody has the new one.
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
    """Makes one person of two: everything of the one with the old number becomes the other's.

    Args:
        actor: The operator.
        old_number: The number of the person who goes.
        new_number: The number of the person who stays.
        reason: Why.

    Raises:
        Forbidden: The actor is somebody else.
        NationalNumberInvalid: One of them is none.
        Refusals: There is no reason.
        PersonNotKnownHere: Nobody has one of them.
        SamePerson: Both are one person's.
        WorkRelationsOverlap: Both are to work for an organisation on the same days.
        WorkRelationsOverlapped: Both worked for an organisation on the same days.
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
        # Of two memberships the one stays that lasts longer; it may have yet to begin.
        await release_lost_among(act, await lock_actions_where_assigned(act, target.id))
        # Last: whoever writes a row that names one of them waits from here on, with whatever locks they have.
        await _transfer_identity(act, source, target)
    return target


async def _require_no_overlap(act: ActorTransaction, source: User, target: User) -> None:
    overlaps = await act.database.execute_query_dict(_OVERLAP, [source.id, target.id])
    if not overlaps:
        return
    [first] = overlaps
    to_come = first["first_day"] > await act.today()
    refusal = WorkRelationsOverlap if to_come else WorkRelationsOverlapped
    raise refusal("oldNumber", organisation=first["name"], first_day=first["first_day"], last_day=first["last_day"])


async def _transfer_identity(act: ActorTransaction, source: User, target: User) -> None:
    """Gives the target what they lack; the source's row remains for the audit log's sake, and is nobody's.

    Whoever signs in or asks for a right as the source at this moment finds nobody by that key.
    """
    columns_of_identity = ("subject", "language", "birth_date")
    lacking = {name: getattr(source, name) for name in columns_of_identity if getattr(target, name) is None}
    await act.database.execute_query(_LOCK_IDENTITIES, [[source.id, target.id]])
    await save(act, source, merged_into_id=target.id, **dict.fromkeys(columns_of_identity), **NO_NUMBER)
    if lacking:
        await save(act, target, **lacking)
