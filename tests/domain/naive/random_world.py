"""Random organisations with every special case of the domain, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from domain import models as m
from domain.actor import NOBODY, Actor
from domain.models import OrganisationKind
from tests.bulk_rows import BulkRows
from tests.domain.naive.random_exchange import add_exchange
from tests.domain.naive.random_groups import add_groups_and_contracts
from tests.domain.naive.random_people import add_people
from tests.rows import an_enterprise_number, now, today

KINDS = (*[OrganisationKind.ENTERPRISE] * 3, OrganisationKind.CONSORTIUM, *[OrganisationKind.CONTRACTING_AUTHORITY] * 2)
THEMES = 4
"""The number of themes that the migrations create; one is visible, and a second one is made visible here."""


@dataclass(frozen=True)
class Sizes:
    """How large a random world is.

    Attributes:
        people: The number of people in all organisations.
        groups: The number of groups in each organisation.
        contracts: The number of contracts of each organisation that is no authority.
        kinds: The kind of each organisation.
    """

    people: int = 50
    groups: int = 7
    contracts: int = 12
    kinds: Sequence[OrganisationKind] = KINDS


@dataclass
class WorldBuilder:
    """The random generator, the moment and the rows that the functions of the builder share."""

    random: Random
    today: date
    now: datetime
    sizes: Sizes = Sizes()
    rows: BulkRows = field(default_factory=BulkRows)

    def maybe(self, probability: float) -> bool:
        return self.random.random() < probability

    def sample(self, rows: list[Any], least: int, most: int) -> list[Any]:
        """Between `least` and `most` of these rows."""
        return self.random.sample(rows, min(len(rows), self.random.randint(least, most)))

    def past_moment(self, hours: float = 0) -> datetime:
        """A moment in the past, at least so many hours ago."""
        return self.now - timedelta(hours=hours + self.random.random() * 2_000)

    def period(self, start: str, end: str, probability: float) -> dict[str, datetime | None]:
        """The columns of a period in the past, which has ended with this probability."""
        moment = self.past_moment(24)
        return {start: moment, end: moment + timedelta(hours=1) if self.maybe(probability) else None}


async def random_world(seed: int, sizes: Sizes = Sizes()) -> list[Actor]:
    """Fills an empty database; returns all actors."""
    builder = WorldBuilder(Random(seed), await today(), await now(), sizes)  # noqa: S311  # the same rows for the same seed
    organisations = [
        builder.rows.add(
            m.Organisation, kind=kind, name=f"{kind.title()} {number}", enterprise_number=an_enterprise_number()
        )
        for number, kind in enumerate(sizes.kinds)
    ]
    add_people(builder, organisations)
    add_groups_and_contracts(builder, organisations)
    add_exchange(builder)
    await builder.rows.load()
    await m.Theme.filter(code="EXECUTION").update(visible=True)
    return _actors(builder, organisations)


def _actors(builder: WorldBuilder, organisations: list[m.Organisation]) -> list[Actor]:
    """All people, some of them with tokens for one organisation, the machine clients of authorities, and nobody."""
    people = [Actor(user_id=user.id) for user in builder.rows.of(m.User)]
    relations = builder.sample(builder.rows.of(m.WorkRelation), 12, 12)
    mandates = builder.sample(builder.rows.of(m.AccessMandate), 4, 4)
    restricted = [Actor(user_id=row.user_id, organisation_id=row.organisation_id) for row in (*relations, *mandates)]
    restricted_elsewhere = [
        Actor(user_id=row.user_id, organisation_id=builder.random.choice(organisations).id)
        for row in builder.sample([*relations, *mandates], 8, 8)
    ]
    machines = [
        Actor(authority_id=organisation.id)
        for organisation in organisations
        if organisation.kind == OrganisationKind.CONTRACTING_AUTHORITY
    ]
    return [*people, *restricted, *restricted_elsewhere, *machines, NOBODY]
