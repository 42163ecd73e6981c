"""Finding and adding people, sentence by sentence (manual 2.1.2)."""

import asyncio
from datetime import date, timedelta

import pytest

from domain import visibility
from domain.actor import Actor
from domain.models import AuditEntry, Introduction, Language, User
from domain.rate_limit import PER_MANAGER, PER_ORGANISATION
from domain.refusals import (
    Forbidden,
    NationalNumberInvalid,
    NotFound,
    PersonRegisterUnavailable,
    PersonRequired,
    PersonUnknown,
    RateLimited,
    Refusal,
)
from domain.registers import install_registers
from domain.rules.person import FoundPerson, add_person, look_up_person, set_language
from domain.sealed_national_number import has_number
from domain.standing import Standing
from domain.where import Where
from tests import rows
from tests.access_cast import MANAGERS, Cast
from tests.refusals import assert_refused
from tests.rows.registers import a_registered_person
from tests.table_contents import assert_tables_unchanged, read_tables

pytestmark = pytest.mark.usefixtures("registers")
NUMBER = "85073003328"
OTHERS = ("admin", "user", "outsider", "newcomer", "machine", "nobody")


async def looked_up(cast: Cast, who: str = "manager", number: str = NUMBER) -> FoundPerson:
    return await look_up_person(actor=cast.actors[who], organisation_id=cast.organisation.id, national_number=number)


async def added(cast: Cast, who: str = "manager", number: str = NUMBER, language: Language | None = None) -> User:
    return await add_person(
        actor=cast.actors[who], organisation_id=cast.organisation.id, national_number=number, language=language
    )


async def sees(actor: Actor, person: User) -> bool:
    standing = await Standing.of(actor)
    return await User.filter(Where(visibility.personal_data, standing), id=person.id).exists()


@pytest.mark.parametrize("who", MANAGERS)
async def test_given_name_family_name_and_birth_date_are_filled_in_from_the_number(cast: Cast, who: str):
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")
    before = await read_tables()

    found = await looked_up(cast, who, "85.07.30-033.28")

    assert found == FoundPerson("An", "Peeters", date(1985, 7, 30), "85.07.30-***.**", None)
    # Nothing is stored but that it was asked.
    after = await read_tables()
    assert [name for name in after if after[name] != before[name]] == ["audit_entry", "audit_link"]
    entry = await AuditEntry.get(action="PERSON_LOOKED_UP")
    assert (entry.actor_id, entry.organisation_id) == (cast.people[who].id, cast.organisation.id)
    assert (entry.before, entry.after, entry.reason) == (None, None, None)


@pytest.mark.parametrize("who", MANAGERS)
async def test_an_access_manager_adds_a_person_by_number(cast: Cast, who: str):
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")

    person = await added(cast, who)

    assert (person.full_name, person.birth_date, person.language) == ("An Peeters", date(1985, 7, 30), None)
    introduction = await Introduction.get(user_id=person.id)
    assert (introduction.introduced_by_id, introduction.organisation_id) == (cast.people[who].id, cast.organisation.id)
    entry = await AuditEntry.get(action="PERSON_ADDED")
    assert (entry.subject_type, entry.subject_id, entry.after) == ("User", person.id, {"user": person.id})
    assert await sees(cast.actors["manager"], person)
    assert not await sees(cast.actors["outsider"], person)


async def test_the_other_particulars_are_optional(cast: Cast):
    await a_registered_person(NUMBER)
    assert (await added(cast, language=Language.FR)).language is Language.FR
    # What is known stays: it may be the person's own choice.
    assert (await added(cast, language=Language.DE)).language is Language.FR


async def test_a_person_is_added_once_however_often_it_is_asked(cast: Cast):
    await a_registered_person(NUMBER)
    people = await asyncio.gather(*(added(cast, who) for who in (*MANAGERS, *MANAGERS)))
    assert len({person.id for person in people}) == 1
    assert await User.filter(has_number(NUMBER)).count() == 1


async def test_the_register_tells_the_names_of_somebody_who_is_known_already(cast: Cast):
    known = await rows.a_user(national_number=NUMBER, given_name="Annie", birth_date=None)
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")
    person = await added(cast)
    assert (person.id, person.full_name, person.birth_date) == (known.id, "An Peeters", date(1985, 7, 30))


async def test_the_preview_leads_to_the_person_only_when_this_organisation_knows_them(cast: Cast):
    await a_registered_person(NUMBER)
    elsewhere = await rows.a_user(national_number=NUMBER)
    await rows.a_work_relation(elsewhere)
    assert (await looked_up(cast)).user_id is None

    introduction = await rows.an_introduction(cast.organisation, elsewhere)
    assert (await looked_up(cast)).user_id == elsewhere.id
    introduction.introduced_at -= timedelta(hours=25)
    await introduction.save()
    assert (await looked_up(cast)).user_id is None

    await rows.a_work_relation(elsewhere, cast.organisation, date(2020, 1, 1), date(2020, 2, 1))
    assert (await looked_up(cast)).user_id == elsewhere.id


async def test_bis_numbers_and_unknown_birth_dates_are_possible(cast: Cast):
    bis = _numbered("854730033")
    unknown = _numbered("850000033")
    for number in (bis, unknown):
        await a_registered_person(number)
    assert (await looked_up(cast, number=bis)).birth_date == date(1985, 7, 30)
    assert (await looked_up(cast, number=unknown)).birth_date is None
    assert (await added(cast, number=unknown)).birth_date is None


def _numbered(nine: str) -> str:
    return f"{nine}{97 - int(nine) % 97:02}"


async def test_an_unknown_number_and_a_register_that_is_away_are_two_errors(cast: Cast):
    for refusal in (PersonUnknown, PersonRegisterUnavailable):
        for act in (looked_up, added):
            before = await read_tables()
            with pytest.raises(refusal) as caught:
                await act(cast)
            assert caught.value.path == ("nationalNumber",)
            # That it was asked stays on record, and nothing half-made.
            after = await read_tables()
            assert [name for name in after if after[name] != before[name]] == ["audit_entry", "audit_link"]
        install_registers(None)


@pytest.mark.parametrize("given", ["", "85073003329", "85.07.30", "85133003328", "x" * 5000, "٨٥٠٧٣٠٠٣٣٢٨"])
async def test_what_is_no_number_is_refused_and_not_asked(cast: Cast, given: str):
    async with assert_refused(NationalNumberInvalid, "nationalNumber"):
        await looked_up(cast, number=given)
    async with assert_refused(NationalNumberInvalid, "nationalNumber"):
        await added(cast, number=given)


@pytest.mark.parametrize("who", OTHERS)
async def test_nobody_else_may(cast: Cast, who: str):
    await a_registered_person(NUMBER)
    await rows.a_user(national_number=NUMBER)
    insiders = {"admin", "user", "machine"}
    kind: type[Refusal] = Forbidden if who in insiders else NotFound
    if who == "machine":
        kind = PersonRequired
    path = () if who in insiders else ("organisationId",)
    # The number makes no difference: known, unknown or none at all.
    for number in (NUMBER, rows.a_national_number(), "rubbish"):
        async with assert_refused(kind, *path):
            await looked_up(cast, who, number)
        async with assert_refused(kind, *path):
            await added(cast, who, number)


async def test_a_manager_asks_thirty_times_an_hour_at_most(cast: Cast):
    await a_registered_person(NUMBER)
    manager = cast.people["manager"]
    await _asked_before(cast, manager, PER_MANAGER.maximum - 1, "PERSON_LOOKED_UP", minutes=50)
    await looked_up(cast)
    async with assert_refused(RateLimited, maximum=30, hours=1, minutes=10):
        await looked_up(cast)
    # Others go on, and adding is counted by itself.
    await looked_up(cast, "main-manager")
    await added(cast)


async def test_who_asked_too_often_is_told_when_there_is_room_again(cast: Cast):
    await a_registered_person(NUMBER)
    manager = cast.people["manager"]
    await _asked_before(cast, manager, 5, "PERSON_LOOKED_UP", minutes=59)
    await _asked_before(cast, manager, PER_MANAGER.maximum - 1, "PERSON_LOOKED_UP", minutes=50)
    with pytest.raises(RateLimited) as refusal:
        await looked_up(cast)
    # One of the 34 has to go before the thirtieth is one too many no more: the newest of the older five.
    assert 50 <= refusal.value.wait <= 60


async def test_an_hour_later_a_manager_asks_again(cast: Cast):
    await a_registered_person(NUMBER)
    await _asked_before(cast, cast.people["manager"], PER_MANAGER.maximum, "PERSON_LOOKED_UP", minutes=61)
    await looked_up(cast)


async def test_an_organisation_asks_three_hundred_times_a_day_at_most(cast: Cast):
    await a_registered_person(NUMBER)
    somebody = await rows.a_user()
    await _asked_before(cast, somebody, PER_ORGANISATION.maximum, "PERSON_LOOKED_UP", minutes=23 * 60)
    async with assert_refused(RateLimited, maximum=300, hours=24, minutes=60):
        await looked_up(cast)


async def test_questions_at_once_are_counted_one_by_one(cast: Cast):
    await a_registered_person(NUMBER)
    await _asked_before(cast, cast.people["manager"], PER_MANAGER.maximum - 2, "PERSON_LOOKED_UP", minutes=5)
    asked = await asyncio.gather(*(looked_up(cast) for _ in range(6)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in asked) == ["FoundPerson"] * 2 + ["RateLimited"] * 4


async def _asked_before(cast: Cast, who: User, times: int, action: str, *, minutes: int) -> None:
    entries = [
        AuditEntry(
            organisation_id=cast.organisation.id,
            actor_id=who.id,
            action=action,
            subject_type="Organisation",
            subject_id=cast.organisation.id,
            at=await rows.now() - timedelta(minutes=minutes),
        )
        for _ in range(times)
    ]
    await AuditEntry.bulk_create(entries)


async def test_people_set_their_own_language(cast: Cast):
    person = await set_language(actor=cast.actors["newcomer"], language=Language.DE)
    assert (person.id, person.language) == (cast.people["newcomer"].id, Language.DE)
    entry = await AuditEntry.get(action="LANGUAGE_SET")
    assert (entry.actor_id, entry.before, entry.after) == (person.id, {"language": "NL"}, {"language": "DE"})
    async with assert_tables_unchanged():
        await set_language(actor=cast.actors["newcomer"], language=Language.DE)
    for who in ("machine", "nobody"):
        async with assert_refused(PersonRequired):
            await set_language(actor=cast.actors[who], language=Language.DE)
