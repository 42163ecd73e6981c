"""Each mutation about access by each kind of person: allowed, or refused with nothing changed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from domain.models import AccessMandate, AccessMandateKind, User
from gql.reading.ids import global_id
from registers.opening import opened_registers
from settings import settings
from tests import rows
from tests.access_cast import EVERYONE, LOCAL, MAIN, Cast, cast
from tests.gql.access_mutations import id_of, mutate
from tests.gql.asking import read
from tests.gql.managing import PARAMETERS
from tests.gql.selections import TYPES
from tests.rows.registers import a_registered_person
from tests.tables import everything

__all__ = ["cast"]

Input = dict[str, Any]
Maker = Callable[[Cast], Awaitable[Input]]


async def appointing(cast: Cast, kind: AccessMandateKind) -> Input:
    relation = await cast.a_colleague()
    await relation.fetch_related("user")
    return {"organisationId": id_of(cast.organisation), "userId": id_of(relation.user), "kind": kind.name}


async def appointing_main(cast: Cast) -> Input:
    return await appointing(cast, MAIN)


async def appointing_local(cast: Cast) -> Input:
    return await appointing(cast, LOCAL)


async def dismissing_main(cast: Cast) -> Input:
    return {"id": id_of(cast.mandates["main-manager"]), "reason": "Wissel"}


async def dismissing_local(cast: Cast) -> Input:
    relation = await cast.a_colleague()
    await relation.fetch_related("user")
    return {"id": id_of(await rows.a_mandate(LOCAL, relation.user, cast.organisation)), "reason": "Wissel"}


async def anothers_address(cast: Cast) -> Input:
    return {"id": id_of(await rows.a_mandate(organisation=cast.organisation)), "email": "an@aannemer.example"}


async def creating(cast: Cast) -> Input:
    today = (await rows.today()).isoformat()
    stranger = await cast.a_stranger()
    return {
        "organisationId": id_of(cast.organisation),
        "userId": id_of(stranger),
        "validFrom": today,
        "validUntil": today,
    }


async def updating(cast: Cast) -> Input:
    return {"id": id_of(await cast.a_colleague()), "version": 1, "phone": "03 123 45 67"}


async def ending(cast: Cast) -> Input:
    today = (await rows.today()).isoformat()
    return {"id": id_of(await cast.a_colleague()), "version": 1, "on": today, "reason": "Uit dienst"}


async def granting(cast: Cast) -> Input:
    return {"workRelationId": id_of(await cast.a_colleague()), "roles": ["USER"], "reason": "Werf"}


async def changing(cast: Cast) -> Input:
    right = await rows.a_right(await cast.a_colleague())
    return {"id": id_of(right), "version": 1, "roles": ["ADMINISTRATOR"], "reason": "Werf"}


async def revoking(cast: Cast) -> Input:
    return {"id": id_of(await rows.a_right(await cast.a_colleague())), "version": 1, "reason": "Werf"}


async def looking_up(cast: Cast) -> Input:
    number = rows.a_national_number()
    await a_registered_person(number)
    return {"organisationId": id_of(cast.organisation), "nationalNumber": number}


async def setting_a_language(cast: Cast) -> Input:
    languages = [user.language for user in await User.filter(id__in=[user.id for user in cast.people.values()])]
    return {"language": "FR" if "FR" not in languages else "DE"}


async def requesting(cast: Cast) -> Input:
    return {"link": PARAMETERS | {"ctx": "Gebruiker", "oc": cast.organisation.enterprise_number}}


async def deciding(cast: Cast) -> Input:
    relation = await cast.a_colleague()
    await relation.fetch_related("user")
    task = await rows.a_self_registration(cast.organisation, relation.user)
    return {"id": global_id("SelfRegistrationTask", task.id), "reason": "Werf"}


async def approving(cast: Cast) -> Input:
    return await deciding(cast) | {"roles": ["USER"]}


OK, NO, NONE, NOBODY = "OK", "FORBIDDEN", "NOT_FOUND", "UNAUTHENTICATED"
# In the order of EVERYONE: the three access managers, admin, user, outsider, newcomer, machine, nobody.
MATRIX: list[tuple[str, Maker, tuple[str, ...]]] = [
    ("appointAccessManager", appointing_local, (OK, OK, NO, NO, NO, NONE, NONE, NO, NOBODY)),
    ("dismissAccessManager", dismissing_local, (OK, OK, NO, NO, NONE, NONE, NONE, NONE, NOBODY)),
    ("setMandateEmail", anothers_address, (NO, NO, NO, NO, NONE, NONE, NONE, NONE, NOBODY)),
    ("lookUpPerson", looking_up, (OK, OK, OK, NO, NO, NONE, NONE, NO, NOBODY)),
    ("addPerson", looking_up, (OK, OK, OK, NO, NO, NONE, NONE, NO, NOBODY)),
    ("setLanguage", setting_a_language, (OK, OK, OK, OK, OK, OK, OK, NO, NOBODY)),
    ("createWorkRelation", creating, (OK, OK, OK, NO, NO, NONE, NONE, NO, NOBODY)),
    ("updateWorkRelation", updating, (OK, OK, OK, NO, NONE, NONE, NONE, NONE, NOBODY)),
    ("endWorkRelation", ending, (OK, OK, OK, NO, NONE, NONE, NONE, NONE, NOBODY)),
    ("grantAccessRight", granting, (OK, OK, OK, NO, NONE, NONE, NONE, NONE, NOBODY)),
    ("changeAccessRight", changing, (OK, OK, OK, NO, NONE, NONE, NONE, NONE, NOBODY)),
    ("revokeAccessRight", revoking, (OK, OK, OK, NO, NONE, NONE, NONE, NONE, NOBODY)),
    ("requestSelfRegistration", requesting, (OK, OK, OK, OK, OK, OK, OK, NO, NOBODY)),
    ("approveSelfRegistration", approving, (OK, OK, OK, NONE, NONE, NONE, NONE, NONE, NOBODY)),
    ("rejectSelfRegistration", deciding, (OK, OK, OK, NONE, NONE, NONE, NONE, NONE, NOBODY)),
]
FOR_THE_MAIN_ONE: list[tuple[str, Maker, tuple[str, ...]]] = [
    ("dismissAccessManager", dismissing_main, (OK, NO, NO, NO, NONE, NONE, NONE, NONE, NOBODY)),
    ("appointAccessManager", appointing_main, (OK, NO, NO, NO, NO, NONE, NONE, NO, NOBODY)),
]


@pytest.fixture(autouse=True)
async def registers_of_the_cast(cast: Cast) -> AsyncIterator[None]:
    """The registers of the cast's own database."""
    assert cast
    async with opened_registers(settings()):
        yield


def test_every_mutation_of_chapter_2_is_tried():
    """In the schema they stand before those of chapter 3, which begin with createGroup."""
    mutations = list(TYPES["Mutation"].fields)
    assert mutations[: mutations.index("createGroup")] == [line[0] for line in MATRIX]


@pytest.mark.parametrize(("mutation", "maker", "expected"), MATRIX, ids=[line[0] for line in MATRIX])
async def test_who_may(cast: Cast, mutation: str, maker: Maker, expected: tuple[str, ...]):
    assert await asked_by_all(cast, mutation, maker) == dict(zip(EVERYONE, expected, strict=True))


@pytest.mark.parametrize(("mutation", "maker", "expected"), FOR_THE_MAIN_ONE, ids=["dismiss main", "appoint main"])
async def test_the_main_access_manager_is_the_legal_representatives(
    cast: Cast, mutation: str, maker: Maker, expected: tuple[str, ...]
):
    # Who may comes last: what they do changes what the others may.
    order = [name for name in EVERYONE if name != "legal"]
    if maker is appointing_main:
        # The place must be free.
        order.remove("main-manager")
        expected = (expected[0], *expected[2:])
        await AccessMandate.filter(id=cast.mandates["main-manager"].id).update(
            ended_at=await rows.now(), end_reason="Wissel"
        )
    answers = await asked_by_all(cast, mutation, maker, (*order, "legal"))
    assert tuple(answers[name] for name in EVERYONE if name in answers) == expected


async def asked_by_all(cast: Cast, mutation: str, maker: Maker, names: tuple[str, ...] = EVERYONE) -> dict[str, str]:
    """The answer to each; whoever is refused gets no object and changes nothing."""
    answers = {}
    for name in names:
        given = await maker(cast)
        before = await everything()
        told = await mutate(cast.actors[name], mutation, **given)
        answers[name] = told.code
        assert (told.result is None) == (told.code != OK), told
        assert (await everything() == before) == (told.code != OK), name
    return answers


@pytest.mark.parametrize("who", EVERYONE[:3])
async def test_everyone_sets_the_address_of_their_own_mandate(cast: Cast, who: str):
    told = await mutate(
        cast.actors[who], "setMandateEmail", id=id_of(cast.mandates[who]), email="toegang@aannemer.example"
    )
    assert told.result["email"] == "toegang@aannemer.example"


@pytest.mark.parametrize("who", EVERYONE[:7])
async def test_viewer_can_says_beforehand_what_is_allowed(cast: Cast, who: str):
    """On each work relation that the viewer sees: a right is granted or not, as `viewerCan` says."""
    colleague = await cast.a_colleague()
    for relation in (colleague, *(cast.relations[name] for name in ("main-manager", "manager"))):
        document = "query ($id: ID!) { node(id: $id) { ... on WorkRelation { viewerCan } } }"
        seen = (await read(cast.actors[who], document, id=id_of(relation)))["node"]
        told = await mutate(
            cast.actors[who], "grantAccessRight", workRelationId=id_of(relation), roles=["USER"], reason="Werf"
        )
        assert told.code == (NONE if seen is None else OK if "MANAGE_ACCESS" in seen["viewerCan"] else NO)
