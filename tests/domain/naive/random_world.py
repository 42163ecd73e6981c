"""Random organisations with all the odd cases that the domain allows, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from domain import models as m
from domain.actor import NOBODY, Actor
from domain.models import OrganisationKind
from tests.bulk_rows import BulkRows
from tests.domain.naive.random_exchange import correspond
from tests.domain.naive.random_groups import group_up
from tests.domain.naive.random_people import employ
from tests.rows import an_enterprise_number, now, today

KINDS = (*[OrganisationKind.ENTERPRISE] * 3, OrganisationKind.CONSORTIUM, *[OrganisationKind.CONTRACTING_AUTHORITY] * 2)
THEMES = 4
"""The migrations bring them; one is visible, a second one becomes so."""


@dataclass(frozen=True)
class Sizes:
    """How large a random world is.

    Attributes:
        people: In all organisations together.
        groups: In each organisation.
        contracts: Of each organisation that carries any out.
        kinds: Of the organisations, one each.
    """

    people: int = 50
    groups: int = 7
    contracts: int = 12
    kinds: Sequence[OrganisationKind] = KINDS


@dataclass
class Chance:
    """What the makers of a random world share."""

    random: Random
    today: date
    now: datetime
    sizes: Sizes = Sizes()
    rows: BulkRows = field(default_factory=BulkRows)

    def likely(self, part: float) -> bool:
        return self.random.random() < part

    def some(self, rows: list[Any], least: int, most: int) -> list[Any]:
        return self.random.sample(rows, min(len(rows), self.random.randint(least, most)))

    def ago(self, hours: float = 0) -> datetime:
        """A moment in the past, at least so many hours ago."""
        return self.now - timedelta(hours=hours + self.random.random() * 2_000)

    def closed(self, opened: str, closed: str, part: float) -> dict[str, datetime | None]:
        """When a row was opened, and when it was closed: a part of them are."""
        moment = self.ago(24)
        return {opened: moment, closed: moment + timedelta(hours=1) if self.likely(part) else None}


async def random_world(seed: int, sizes: Sizes = Sizes()) -> list[Actor]:
    """Fills an empty database; gives everyone who may ask."""
    chance = Chance(Random(seed), await today(), await now(), sizes)  # noqa: S311  # the same rows for the same seed
    organisations = [
        chance.rows.add(
            m.Organisation, kind=kind, name=f"{kind.title()} {number}", enterprise_number=an_enterprise_number()
        )
        for number, kind in enumerate(sizes.kinds)
    ]
    employ(chance, organisations)
    group_up(chance, organisations)
    correspond(chance)
    await chance.rows.load()
    await m.Theme.filter(code="EXECUTION").update(visible=True)
    return _askers(chance, organisations)


def _askers(chance: Chance, organisations: list[m.Organisation]) -> list[Actor]:
    """Everyone, some of them narrowed to an organisation by their token, both authorities' machines, and nobody."""
    people = [Actor(user_id=user.id) for user in chance.rows.of(m.User)]
    relations = chance.some(chance.rows.of(m.WorkRelation), 12, 12)
    mandates = chance.some(chance.rows.of(m.AccessMandate), 4, 4)
    narrowed = [Actor(user_id=each.user_id, organisation_id=each.organisation_id) for each in (*relations, *mandates)]
    elsewhere = [
        Actor(user_id=each.user_id, organisation_id=chance.random.choice(organisations).id)
        for each in chance.some([*relations, *mandates], 8, 8)
    ]
    machines = [
        Actor(authority_id=each.id) for each in organisations if each.kind == OrganisationKind.CONTRACTING_AUTHORITY
    ]
    return [*people, *narrowed, *elsewhere, *machines, NOBODY]
