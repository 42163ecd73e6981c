"""The roles and mandates of an actor today: domain sections 3 and 4, "one acts for an organisation"."""

from collections.abc import Hashable
from typing import Any

from domain import models as m
from domain.actor import Actor
from domain.models import AccessMandateKind, Role
from tests.domain.naive.world import World


def has_active_period(world: World, relation: m.WorkRelation) -> bool:
    """First and last day are both inclusive."""
    periods = world.having(m.WorkRelationPeriod, "work_relation_id", relation.id)
    return any(period.valid_from <= world.today <= period.valid_until for period in periods)


def standing_right(world: World, relation: m.WorkRelation) -> m.AccessRight | None:
    rights = world.having(m.AccessRight, "work_relation_id", relation.id)
    return next((right for right in rights if right.revoked_at is None), None)


def active_roles(world: World, relation: m.WorkRelation) -> set[Role]:
    """A right counts only while its work relation is active."""
    right = standing_right(world, relation)
    if right is None or not has_active_period(world, relation):
        return set()
    return {row.role for row in world.having(m.AccessRightRole, "access_right_id", right.id) if row.valid_to is None}


def mandate_counts(world: World, mandate: m.AccessMandate) -> bool:
    """An open one of a legal representative always counts; that of an appointee, with the work relation of then."""
    if mandate.ended_at is not None or mandate.kind == AccessMandateKind.LEGAL_REPRESENTATIVE:
        return mandate.ended_at is None
    return any(
        relation.organisation_id == mandate.organisation_id
        and relation.created_at <= mandate.since
        and has_active_period(world, relation)
        for relation in world.having(m.WorkRelation, "user_id", mandate.user_id)
    )


class Viewer:
    """An actor: a person, the machine client of a contracting authority, or nobody.

    Attributes:
        world: The rows.
        person: The person's key.
        authority: The authority's key.
        cache: Results that were computed before.
    """

    def __init__(self, world: World, actor: Actor) -> None:
        self.world = world
        self.person = actor.user_id
        self.authority = actor.authority_id
        self._only = actor.organisation_id
        self.cache: dict[Hashable, Any] = {}
        self._roles: dict[int, set[Role]] = {}
        self._mandates: dict[int, set[AccessMandateKind]] = {}

    @property
    def signed_in(self) -> bool:
        return self.person is not None or self.authority is not None

    def _counts(self, organisation_id: int) -> bool:
        """Whether the actor is a person whose token does not restrict them to another organisation."""
        return self.person is not None and self._only in (None, organisation_id)

    def own_relations(self, organisation_id: int) -> list[m.WorkRelation]:
        if self.person is None:
            return []
        relations = self.world.having(m.WorkRelation, "user_id", self.person)
        return [relation for relation in relations if relation.organisation_id == organisation_id]

    def mandates(self, organisation_id: int) -> set[AccessMandateKind]:
        """The mandates that count."""
        if organisation_id not in self._mandates:
            self._mandates[organisation_id] = self._counting_mandates(organisation_id)
        return self._mandates[organisation_id]

    def _counting_mandates(self, organisation_id: int) -> set[AccessMandateKind]:
        if self.person is None or not self._counts(organisation_id):
            return set()
        return {
            mandate.kind
            for mandate in self.world.having(m.AccessMandate, "user_id", self.person)
            if mandate.organisation_id == organisation_id and mandate_counts(self.world, mandate)
        }

    def roles(self, organisation_id: int) -> set[Role]:
        """By active rights; a legal representative's include ADMINISTRATOR."""
        if organisation_id not in self._roles:
            roles = {Role.ADMINISTRATOR} if self.represents(organisation_id) else set()
            if self._counts(organisation_id):
                for relation in self.own_relations(organisation_id):
                    roles |= active_roles(self.world, relation)
            self._roles[organisation_id] = roles
        return self._roles[organisation_id]

    def administers(self, organisation_id: int) -> bool:
        return Role.ADMINISTRATOR in self.roles(organisation_id)

    def is_user_of(self, organisation_id: int) -> bool:
        return Role.USER in self.roles(organisation_id)

    def manages(self, organisation_id: int) -> bool:
        """Whether the person is an access manager of any kind."""
        return bool(self.mandates(organisation_id))

    def represents(self, organisation_id: int) -> bool:
        return AccessMandateKind.LEGAL_REPRESENTATIVE in self.mandates(organisation_id)

    def is_main_manager_of(self, organisation_id: int) -> bool:
        return AccessMandateKind.MAIN_ACCESS_MANAGER in self.mandates(organisation_id)

    def acts_for(self, organisation_id: int) -> bool:
        """Through an active right or a counting mandate."""
        return bool(self.roles(organisation_id)) or self.manages(organisation_id)
