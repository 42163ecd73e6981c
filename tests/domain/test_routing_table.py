"""Routing for every combination of addresses, rights and triggers, compared with a naive reading of the manual (4).

A case consists of what the manual names: the contract's address, a linked group with or without the right rights and
an address, the organisation's address, members and administrators with or without one; and the trigger. The naive
reading below knows nothing but the case. It shares nothing with the rule or with the statement that reads addresses.
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
class LinkedGroup:
    """The group that is linked to the contract.

    Attributes:
        level: Its level on the theme.
        theme: The code of that theme.
        has_email: Whether it has an address.
        member: Nobody, somebody without an address, somebody with one, or only the one who releases the action.
    """

    level: DocumentLevel
    theme: str
    has_email: bool
    member: str


@dataclass(frozen=True)
class Case:
    """One combination.

    Attributes:
        contract_has_email: Whether the contract has an address.
        group: The linked group, if any.
        organisation_has_email: Whether the organisation has an address.
        administrators: Nobody, some without an address, one by right, or one by mandate.
        trigger: What is notified.
        has_theme: Whether that is a document or about one, in the theme INVOICING.
    """

    contract_has_email: bool
    group: LinkedGroup | None
    organisation_has_email: bool
    administrators: str
    trigger: NotificationTrigger
    has_theme: bool


GROUPS: list[LinkedGroup | None] = [None] + [
    LinkedGroup(level, theme, has_email, member)
    for (level, theme), has_email, member in product(
        [
            (DocumentLevel.NONE, "INVOICING"),
            (DocumentLevel.READ, "INVOICING"),
            (DocumentLevel.DRAFT, "INVOICING"),
            (DocumentLevel.SEND, "EXECUTION"),
        ],
        (False, True),
        ("nobody", "without address", "with address", "releaser"),
    )
]
TRIGGERS = [
    (NotificationTrigger.CONTRACT_AVAILABLE, False),
    (NotificationTrigger.DOCUMENT_RECEIVED, True),
    (NotificationTrigger.MESSAGE_RECEIVED, False),
    (NotificationTrigger.MESSAGE_RECEIVED, True),
    (NotificationTrigger.ACTION_RELEASED, False),
    (NotificationTrigger.ACTION_RELEASED, True),
]
ADMINISTRATORS = ("nobody", "without address", "right", "mandate")


def expected(case: Case, *, below: str | None = None) -> tuple[str | None, str | None]:
    """Level and address by the manual: the first level that has an address; `below` the level that failed, if any."""
    is_new = case.trigger == "CONTRACT_AVAILABLE"
    entitled_group = case.group if case.group and not is_new and has_the_right_rights(case.group, case) else None
    addresses = {
        # 1. The contract's address, exclusively.
        "CONTRACT": CONTRACT if case.contract_has_email and not is_new else None,
        # 2. The linked groups with the right rights that have an address.
        "GROUP": GROUP if entitled_group and entitled_group.has_email else None,
        # 3. The organisation's.
        "ORGANISATION": ORGANISATION if case.organisation_has_email else None,
        # 4. The users involved; who released the action isn't.
        "USER": USER if entitled_group and is_involved(entitled_group, case) else None,
        # 5. The administrators.
        "ADMINISTRATOR": {"right": ADMINISTRATOR, "mandate": MANDATE}.get(case.administrators),
    }
    levels = list(addresses)
    for level in levels[levels.index(below) + 1 if below else 0 :]:
        if addresses[level]:
            return level, addresses[level]
    return None, None


def has_the_right_rights(group: LinkedGroup, case: Case) -> bool:
    if case.has_theme and group.theme != "INVOICING":
        return False
    if case.trigger == "ACTION_RELEASED":
        return group.level in (DocumentLevel.DRAFT, DocumentLevel.SEND)
    return group.level != DocumentLevel.NONE


def is_involved(group: LinkedGroup, case: Case) -> bool:
    return group.member == "with address" or (group.member == "releaser" and case.trigger != "ACTION_RELEASED")


@dataclass
class Company:
    """One organisation, its people, and a contract for each combination of address and linked group."""

    organisation: Organisation
    people: dict[str, WorkRelation]
    contracts: dict[tuple[bool, LinkedGroup | None], Contract]

    @property
    def releaser(self) -> int:
        return self.people["releaser"].user_id


async def a_company(*, has_email: bool, administrators: str) -> Company:
    organisation = await rows.an_organisation(email=ORGANISATION if has_email else None)
    await add_administrators(organisation, administrators)
    people = {
        "without address": await rows.a_person_with_right(organisation, Role.USER, email=None),
        "with address": await rows.a_person_with_right(organisation, Role.USER, email=USER),
        "releaser": await rows.a_person_with_right(organisation, Role.USER, email=USER),
    }
    company = Company(organisation, people, {})
    groups = {group: await a_group(company, group) for group in GROUPS if group}
    for contract_has_email, group in product((False, True), GROUPS):
        contract = await rows.a_contract(organisation, email=CONTRACT if contract_has_email else None)
        if group:
            await rows.a_link(contract, groups[group])
        company.contracts[contract_has_email, group] = contract
    return company


async def add_administrators(organisation: Organisation, administrators: str) -> None:
    if administrators == "without address":
        await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email=None)
        await rows.a_mandate(organisation=organisation, email=None)
    if administrators == "right":
        await rows.a_person_with_right(organisation, Role.ADMINISTRATOR, email=ADMINISTRATOR)
    if administrators == "mandate":
        await rows.a_mandate(organisation=organisation, email=MANDATE)


async def a_group(company: Company, linked_group: LinkedGroup) -> Group:
    email = GROUP if linked_group.has_email else None
    levels = {linked_group.theme: linked_group.level}
    group = await rows.a_group(company.organisation, email=email, levels=levels)
    if linked_group.member != "nobody":
        await rows.a_membership(group, company.people[linked_group.member])
    return group


def level_and_address(decision: RoutingDecision) -> tuple[str | None, str | None]:
    assert len(decision.recipients) <= 1
    return decision.level, decision.recipients[0].address if decision.recipients else None


@pytest.mark.parametrize("administrators", ADMINISTRATORS)
@pytest.mark.parametrize("has_email", [False, True], ids=["organisation-without-email", "organisation-with-email"])
async def test_the_first_level_with_an_address_is_chosen_and_the_next_one_when_it_failed(
    *, has_email: bool, administrators: str
) -> None:
    company = await a_company(has_email=has_email, administrators=administrators)
    theme_id = (await Theme.get(code="INVOICING")).id
    levels: Counter[str | None] = Counter()
    combinations = list(product(company.contracts.items(), TRIGGERS))
    places = [(contract.id, theme_id if has_theme else None) for (_, contract), (_, has_theme) in combinations]
    candidates_by_place = await load_all_candidates(places, database())
    for (((contract_has_email, group), _), (trigger, has_theme)), place, candidates in zip(
        combinations, places, candidates_by_place, strict=True
    ):
        case = Case(contract_has_email, group, has_email, administrators, trigger, has_theme)
        released_by = company.releaser if trigger is NotificationTrigger.ACTION_RELEASED else None
        event = Event(trigger, *place, released_by)
        level, address = level_and_address(decide_routing(event, candidates))
        assert (level, address) == expected(case), case
        levels[level] += 1
        if level and address and level != "CONTRACT":
            failed = FailedRouting(1, NotificationLevel(level), (address,), failed=1, bounced=0)
            second = level_and_address(decide_routing(event, candidates, failed))
            assert second == expected(case, below=level), case
    assert levels.total() == 2 * len(GROUPS) * len(TRIGGERS)
    assert {"CONTRACT", "GROUP"} <= set(levels)
