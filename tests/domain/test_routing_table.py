"""Every combination of filled and empty levels, rights and events, against the manual's chapter 4 read out naively.

The table is made of what the manual names: the contract's address, a linked group with or without the right rights and
an address, the organisation's address, members and administrators with or without one; and the events. The naive
reading below knows only such a row. It shares nothing with the rule or with the statement that gathers addresses.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import product

import pytest

from domain.database.connection import database
from domain.models import (
    Contract,
    DocumentLevel,
    Group,
    NotificationLevel,
    NotificationTrigger,
    Organisation,
    Role,
    Theme,
    WorkRelation,
)
from domain.rules.routing import FailedRouting, RoutingDecision, decide_routing
from domain.rules.routing_candidates import Event, load_all_candidates
from tests import rows

pytestmark = pytest.mark.usefixtures("database")

CONTRACT, GROUP, ORGANISATION = "werf@werken.example", "groep@werken.example", "firma@werken.example"
USER, ADMINISTRATOR, MANDATE = "lid@werken.example", "beheer@werken.example", "zaakvoerder@werken.example"


@dataclass(frozen=True)
class Linked:
    """The group that is linked to the contract.

    Attributes:
        level: What it may do on the theme `on`.
        on: That theme.
        email: Whether it has an address.
        member: Nobody, somebody without an address, somebody with one, or only the one who releases the action.
    """

    level: DocumentLevel
    on: str
    email: bool
    member: str


@dataclass(frozen=True)
class Row:
    """One row of the table: what is filled in, and what happens in the theme INVOICING or in none."""

    contract: bool
    group: Linked | None
    organisation: bool
    administrators: str
    trigger: NotificationTrigger
    theme: bool


GROUPS: list[Linked | None] = [None] + [
    Linked(level, on, email, member)
    for (level, on), email, member in product(
        [
            (DocumentLevel.NONE, "INVOICING"),
            (DocumentLevel.READ, "INVOICING"),
            (DocumentLevel.DRAFT, "INVOICING"),
            (DocumentLevel.SEND, "EXECUTION"),
        ],
        (False, True),
        ("nobody", "silent", "reached", "releaser"),
    )
]
EVENTS = [
    (NotificationTrigger.CONTRACT_AVAILABLE, False),
    (NotificationTrigger.DOCUMENT_RECEIVED, True),
    (NotificationTrigger.MESSAGE_RECEIVED, False),
    (NotificationTrigger.MESSAGE_RECEIVED, True),
    (NotificationTrigger.ACTION_RELEASED, False),
    (NotificationTrigger.ACTION_RELEASED, True),
]
ADMINISTRATORS = ("nobody", "silent", "right", "mandate")


def naive(row: Row, *, below: str | None = None) -> tuple[str | None, str | None]:
    """Level and address by the manual: the first level that has one, below the given one when that failed."""
    new = row.trigger == "CONTRACT_AVAILABLE"
    entitled = row.group is not None and has_the_right_rights(row.group, row)
    answers = {
        # 1. The contract's address, exclusively.
        "CONTRACT": CONTRACT if row.contract and not new else None,
        # 2. The linked groups with the right rights that have an address.
        "GROUP": GROUP if not new and entitled and row.group and row.group.email else None,
        # 3. The organisation's.
        "ORGANISATION": ORGANISATION if row.organisation else None,
        # 4. The users involved; who released the action isn't.
        "USER": USER if not new and entitled and row.group and is_involved(row.group, row) else None,
        # 5. The administrators.
        "ADMINISTRATOR": {"right": ADMINISTRATOR, "mandate": MANDATE}.get(row.administrators),
    }
    order = list(answers)
    for level in order[order.index(below) + 1 if below else 0 :]:
        if answers[level]:
            return level, answers[level]
    return None, None


def has_the_right_rights(group: Linked, row: Row) -> bool:
    if row.theme and group.on != "INVOICING":
        return False
    if row.trigger == "ACTION_RELEASED":
        return group.level in (DocumentLevel.DRAFT, DocumentLevel.SEND)
    return group.level != DocumentLevel.NONE


def is_involved(group: Linked, row: Row) -> bool:
    return group.member == "reached" or (group.member == "releaser" and row.trigger != "ACTION_RELEASED")


@dataclass
class Place:
    """One organisation, the people in it, and the contracts of the table."""

    organisation: Organisation
    people: dict[str, WorkRelation]
    contracts: dict[tuple[bool, Linked | None], Contract]

    @property
    def releaser(self) -> int:
        return self.people["releaser"].user_id


async def a_place(*, email: bool, administrators: str) -> Place:
    organisation = await rows.an_organisation(email=ORGANISATION if email else None)
    await fill_in(organisation, administrators)
    people = {
        "silent": await rows.a_person_with_right(organisation, Role.USER, email=None),
        "reached": await rows.a_person_with_right(organisation, Role.USER, email=USER),
        "releaser": await rows.a_person_with_right(organisation, Role.USER, email=USER),
    }
    place = Place(organisation, people, {})
    groups = {linked: await a_group(place, linked) for linked in GROUPS if linked}
    for filled, linked in product((False, True), GROUPS):
        contract = await rows.a_contract(organisation, email=CONTRACT if filled else None)
        if linked:
            await rows.a_link(contract, groups[linked])
        place.contracts[filled, linked] = contract
    return place


async def fill_in(organisation: Organisation, administrators: str) -> None:
    if administrators == "silent":
        await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email=None)
        await rows.a_mandate(organisation=organisation, email=None)
    if administrators == "right":
        await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email=ADMINISTRATOR)
    if administrators == "mandate":
        await rows.a_mandate(organisation=organisation, email=MANDATE)


async def a_group(place: Place, linked: Linked) -> Group:
    email = GROUP if linked.email else None
    group = await rows.a_group(place.organisation, email=email, levels={linked.on: linked.level})
    if linked.member != "nobody":
        await rows.a_membership(group, place.people[linked.member])
    return group


def answer(decision: RoutingDecision) -> tuple[str | None, str | None]:
    assert len(decision.recipients) <= 1
    return decision.level, decision.recipients[0].address if decision.recipients else None


@pytest.mark.parametrize("administrators", ADMINISTRATORS)
@pytest.mark.parametrize("email", [False, True], ids=["organisation-silent", "organisation-reached"])
async def test_the_first_level_that_has_an_address_and_below_it_the_next(*, email: bool, administrators: str) -> None:
    place = await a_place(email=email, administrators=administrators)
    theme = (await Theme.get(code="INVOICING")).id
    levels: Counter[str | None] = Counter()
    table = list(product(place.contracts.items(), EVENTS))
    places = [(contract.id, theme if themed else None) for (_, contract), (_, themed) in table]
    gathered = await load_all_candidates(places, database())
    for (((filled, linked), _), (trigger, themed)), at, candidates in zip(table, places, gathered, strict=True):
        row = Row(filled, linked, email, administrators, trigger, themed)
        released_by = place.releaser if trigger is NotificationTrigger.ACTION_RELEASED else None
        event = Event(trigger, *at, released_by)
        first = answer(decide_routing(event, candidates))
        assert first == naive(row), row
        levels[first[0]] += 1
        level, address = first
        if level and address and level != "CONTRACT":
            undelivered = FailedRouting(1, NotificationLevel(level), (address,), failed=1, bounced=0)
            second = answer(decide_routing(event, candidates, undelivered))
            assert second == naive(row, below=level), row
    assert levels.total() == 2 * len(GROUPS) * len(EVENTS)
    assert {"CONTRACT", "GROUP"} <= set(levels)
