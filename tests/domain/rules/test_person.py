"""Looking up and adding people, sentence by sentence of the manual (2.1.2)."""

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


async def look_up(cast: Cast, who: str = "manager", number: str = NUMBER) -> FoundPerson:
    return await look_up_person(actor=cast.actors[who], organisation_id=cast.organisation.id, national_number=number)


async def add(cast: Cast, who: str = "manager", number: str = NUMBER, language: Language | None = None) -> User:
    return await add_person(
        actor=cast.actors[who], organisation_id=cast.organisation.id, national_number=number, language=language
    )


async def sees(actor: Actor, person: User) -> bool:
    standing = await Standing.of(actor)
    return await User.filter(Where(visibility.personal_data, standing), id=person.id).exists()


@pytest.mark.parametrize("who", MANAGERS)
async def test_a_look_up_returns_the_person_and_stores_only_an_audit_entry(cast: Cast, who: str):
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")
    before = await read_tables()

    person = await look_up(cast, who, "85.07.30-033.28")

    assert person == FoundPerson("An", "Peeters", date(1985, 7, 30), "85.07.30-***.**", None)
    # Nothing is stored except the audit entry.
    after = await read_tables()
    assert [name for name in after if after[name] != before[name]] == ["audit_entry", "audit_link"]
    entry = await AuditEntry.get(action="PERSON_LOOKED_UP")
    assert (entry.actor_id, entry.organisation_id) == (cast.people[who].id, cast.organisation.id)
    assert (entry.before, entry.after, entry.reason) == (None, None, None)


@pytest.mark.parametrize("who", MANAGERS)
async def test_an_access_manager_adds_a_person_by_number(cast: Cast, who: str):
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")

    person = await add(cast, who)

    assert (person.full_name, person.birth_date, person.language) == ("An Peeters", date(1985, 7, 30), None)
    introduction = await Introduction.get(user_id=person.id)
    assert (introduction.introduced_by_id, introduction.organisation_id) == (cast.people[who].id, cast.organisation.id)
    entry = await AuditEntry.get(action="PERSON_ADDED")
    assert (entry.subject_type, entry.subject_id, entry.after) == ("User", person.id, {"user": person.id})
    assert await sees(cast.actors["manager"], person)
    assert not await sees(cast.actors["outsider"], person)


async def test_the_language_is_optional_and_a_known_one_is_kept(cast: Cast):
    await a_registered_person(NUMBER)
    assert (await add(cast, language=Language.FR)).language is Language.FR
    # A known language is kept: it may be the person's own choice.
    assert (await add(cast, language=Language.DE)).language is Language.FR


async def test_concurrent_additions_add_a_person_once(cast: Cast):
    await a_registered_person(NUMBER)
    people = await asyncio.gather(*(add(cast, who) for who in (*MANAGERS, *MANAGERS)))
    assert len({person.id for person in people}) == 1
    assert await User.filter(has_number(NUMBER)).count() == 1


async def test_the_names_of_a_known_person_are_updated_from_the_register(cast: Cast):
    known = await rows.a_user(national_number=NUMBER, given_name="Annie", birth_date=None)
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")
    person = await add(cast)
    assert (person.id, person.full_name, person.birth_date) == (known.id, "An Peeters", date(1985, 7, 30))


async def test_a_look_up_returns_the_user_only_when_the_organisation_knows_them(cast: Cast):
    await a_registered_person(NUMBER)
    stranger = await rows.a_user(national_number=NUMBER)
    await rows.a_work_relation(stranger)
    assert (await look_up(cast)).user_id is None

    introduction = await rows.an_introduction(cast.organisation, stranger)
    assert (await look_up(cast)).user_id == stranger.id
    introduction.introduced_at -= timedelta(hours=25)
    await introduction.save()
    assert (await look_up(cast)).user_id is None

    await rows.a_work_relation(stranger, cast.organisation, date(2020, 1, 1), date(2020, 2, 1))
    assert (await look_up(cast)).user_id == stranger.id


async def test_bis_numbers_and_numbers_without_birth_date_are_accepted(cast: Cast):
    bis = _with_check_digits("854730033")
    unknown = _with_check_digits("850000033")
    for number in (bis, unknown):
        await a_registered_person(number)
    assert (await look_up(cast, number=bis)).birth_date == date(1985, 7, 30)
    assert (await look_up(cast, number=unknown)).birth_date is None
    assert (await add(cast, number=unknown)).birth_date is None


def _with_check_digits(nine: str) -> str:
    return f"{nine}{97 - int(nine) % 97:02}"


async def test_an_unknown_number_and_an_unavailable_register_are_different_errors(cast: Cast):
    for refusal in (PersonUnknown, PersonRegisterUnavailable):
        for operation in (look_up, add):
            before = await read_tables()
            with pytest.raises(refusal) as raised:
                await operation(cast)
            assert raised.value.path == ("nationalNumber",)
            # Nothing is stored except the audit entry.
            after = await read_tables()
            assert [name for name in after if after[name] != before[name]] == ["audit_entry", "audit_link"]
        install_registers(None)


@pytest.mark.parametrize("number", ["", "85073003329", "85.07.30", "85133003328", "x" * 5000, "٨٥٠٧٣٠٠٣٣٢٨"])
async def test_an_invalid_number_is_refused_and_not_looked_up(cast: Cast, number: str):
    async with assert_refused(NationalNumberInvalid, "nationalNumber"):
        await look_up(cast, number=number)
    async with assert_refused(NationalNumberInvalid, "nationalNumber"):
        await add(cast, number=number)


@pytest.mark.parametrize("who", OTHERS)
async def test_nobody_else_looks_up_or_adds_people(cast: Cast, who: str):
    await a_registered_person(NUMBER)
    await rows.a_user(national_number=NUMBER)
    insiders = {"admin", "user", "machine"}
    kind: type[Refusal] = Forbidden if who in insiders else NotFound
    if who == "machine":
        kind = PersonRequired
    path = () if who in insiders else ("organisationId",)
    # The refusal is the same for a known, an unknown and an invalid number.
    for number in (NUMBER, rows.a_national_number(), "rubbish"):
        async with assert_refused(kind, *path):
            await look_up(cast, who, number)
        async with assert_refused(kind, *path):
            await add(cast, who, number)


async def test_a_manager_may_look_up_thirty_people_an_hour(cast: Cast):
    await a_registered_person(NUMBER)
    manager = cast.people["manager"]
    await _add_audit_entries(cast, manager, PER_MANAGER.maximum - 1, "PERSON_LOOKED_UP", minutes=50)
    await look_up(cast)
    async with assert_refused(RateLimited, maximum=30, hours=1, minutes=10):
        await look_up(cast)
    # Other managers are not limited, and additions are counted separately.
    await look_up(cast, "main-manager")
    await add(cast)


async def test_a_refused_look_up_tells_when_the_next_one_is_possible(cast: Cast):
    await a_registered_person(NUMBER)
    manager = cast.people["manager"]
    await _add_audit_entries(cast, manager, 5, "PERSON_LOOKED_UP", minutes=59)
    await _add_audit_entries(cast, manager, PER_MANAGER.maximum - 1, "PERSON_LOOKED_UP", minutes=50)
    with pytest.raises(RateLimited) as refusal:
        await look_up(cast)
    # Of the 34, five must get older than an hour: the newest of the five older ones decides.
    assert 50 <= refusal.value.wait <= 60


async def test_look_ups_over_an_hour_old_do_not_count(cast: Cast):
    await a_registered_person(NUMBER)
    await _add_audit_entries(cast, cast.people["manager"], PER_MANAGER.maximum, "PERSON_LOOKED_UP", minutes=61)
    await look_up(cast)


async def test_an_organisation_may_look_up_three_hundred_people_a_day(cast: Cast):
    await a_registered_person(NUMBER)
    somebody = await rows.a_user()
    await _add_audit_entries(cast, somebody, PER_ORGANISATION.maximum, "PERSON_LOOKED_UP", minutes=23 * 60)
    async with assert_refused(RateLimited, maximum=300, hours=24, minutes=60):
        await look_up(cast)


async def test_concurrent_look_ups_do_not_exceed_the_limit(cast: Cast):
    await a_registered_person(NUMBER)
    await _add_audit_entries(cast, cast.people["manager"], PER_MANAGER.maximum - 2, "PERSON_LOOKED_UP", minutes=5)
    results = await asyncio.gather(*(look_up(cast) for _ in range(6)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["FoundPerson"] * 2 + ["RateLimited"] * 4


async def _add_audit_entries(cast: Cast, user: User, count: int, action: str, *, minutes: int) -> None:
    entries = [
        AuditEntry(
            organisation_id=cast.organisation.id,
            actor_id=user.id,
            action=action,
            subject_type="Organisation",
            subject_id=cast.organisation.id,
            at=await rows.now() - timedelta(minutes=minutes),
        )
        for _ in range(count)
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
