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
from domain.rules.action_release import hold_actions_beside, release_lost
from domain.rules.operators import require_operator
from domain.rules.people_by_number import hold_people, hold_with_merged, holder_of
from domain.rules.person_union import everywhere, hold_all_of, organisations_of, unite
from domain.rules.register_lookup import checked_national_number, registered_person
from domain.rules.saving import save
from domain.sealed_national_number import NO_NUMBER, has_number, number_columns
from domain.text_fields import required_reason

OVERLAP: Final = """
  select o.name, greatest(a.valid_from, b.valid_from) as first_day, least(a.valid_until, b.valid_until) as last_day
  from work_relation_period a
  join work_relation_period b on b.organisation_id = a.organisation_id and b.user_id = $2::bigint
   and daterange(a.valid_from, a.valid_until, '[]') && daterange(b.valid_from, b.valid_until, '[]')
  join organisation o on o.id = a.organisation_id
  where a.user_id = $1::bigint order by 2 limit 1"""

# Number and subject are unique, so that PostgreSQL lets nobody name those whose are changed.
_KEYS_CHANGE: Final = "select from person where id = any($1::bigint[]) order by id for update"


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
    found = await registered_person(new, "newNumber")
    async with actor_transaction(actor) as act:
        person = holder_of(await hold_people(act, old), old, "oldNumber")
        if await User.filter(has_number(new)).using_db(act.database).exists():
            raise NumberTaken("newNumber")
        names = {"given_name": found.given_name, "family_name": found.family_name, "birth_date": found.birth_date}
        await save(act, person, **number_columns(new), **names)
        known = [None, *await organisations_of(act, person)]
        await act.record_all(AuditAction.PERSON_RENUMBERED, [(person, each, None, None) for each in known], reason=text)
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
        held = await hold_with_merged(act, old, new)
        gone, stays = holder_of(held, old, "oldNumber"), holder_of(held, new, "newNumber")
        if gone.id == stays.id:
            raise SamePerson("newNumber")
        await _require_no_overlap(act, gone, stays)
        await hold_all_of(act, gone, stays)
        await Session.filter(user_id=gone.id, ended_at=None).using_db(act.database).update(ended_at=NOW)
        moved = await unite(act, gone, stays)
        before = {"user": gone.id}
        done = [(stays, each.organisation_id, before, each.told()) for each in (everywhere(moved), *moved)]
        await act.record_all(AuditAction.PEOPLE_MERGED, done, reason=text)
        # Of two memberships the one stays that lasts longer; it may have yet to begin.
        await release_lost(act, await hold_actions_beside(act, stays.id))
        # Last: whoever writes what names one of them waits from here on, with whatever they hold.
        await _pass_on(act, gone, stays)
    return stays


async def _require_no_overlap(act: ActorTransaction, gone: User, stays: User) -> None:
    found = await act.database.execute_query_dict(OVERLAP, [gone.id, stays.id])
    if not found:
        return
    [first] = found
    to_come = first["first_day"] > await act.today()
    kind = WorkRelationsOverlap if to_come else WorkRelationsOverlapped
    raise kind("oldNumber", organisation=first["name"], first_day=first["first_day"], last_day=first["last_day"])


async def _pass_on(act: ActorTransaction, gone: User, stays: User) -> None:
    """What the one who stays lacks; the other row remains for the audit log's sake, and is nobody's.

    Whoever signs in or asks for a right as the one who goes at this moment finds nobody by that key.
    """
    known = ("subject", "language", "birth_date")
    lacking = {name: getattr(gone, name) for name in known if getattr(stays, name) is None}
    await act.database.execute_query(_KEYS_CHANGE, [[gone.id, stays.id]])
    nobodys = {"subject": None, "language": None, "birth_date": None, **NO_NUMBER}
    await save(act, gone, merged_into_id=stays.id, **nobodys)
    if lacking:
        await save(act, stays, **lacking)
