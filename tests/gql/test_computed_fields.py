"""The computed fields about people agree with the naive implementation of the domain."""

from typing import Any

from domain import models as m
from domain.models import AccessMandateKind, Role
from gql.reading.ids import global_id
from tests.domain.naive.fixtures import RandomWorld
from tests.domain.naive.people import is_administrator
from tests.domain.naive.viewer import Viewer, active_roles, has_active_period, mandate_counts, standing_right
from tests.domain.naive.visibility import seen
from tests.domain.naive.world import World
from tests.gql.execution import read

VIEWER = "{ viewer { user { id } organisations { organisation { id } workRelation { id } roles mandates } } }"
ADMINISTRATORS = """query($ids: [ID!]!) { nodes(ids: $ids) {
  ... on Organisation { administrators { user { id } email } } } }"""
RELATIONS = """query($ids: [ID!]!) { nodes(ids: $ids) { ... on WorkRelation {
  status validFrom validUntil right { id active roles } } } }"""
MANDATES = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on AccessMandate { effective } } }"
MEMBERSHIPS = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Membership { effective email } } }"


def expected_organisations(viewer: Viewer) -> dict[str, Any]:
    """By id, the organisations for which the viewer acts: the active work relation, roles and mandates."""
    organisations = {}
    for organisation in viewer.world.all(m.Organisation):
        if viewer.acts_for(organisation.id) or organisation.id == viewer.authority:
            active = [
                relation
                for relation in viewer.own_relations(organisation.id)
                if has_active_period(viewer.world, relation)
            ]
            organisations[global_id("Organisation", organisation.id)] = {
                "workRelation": {"id": global_id("WorkRelation", active[0].id)} if active else None,
                "roles": [role for role in Role if role in viewer.roles(organisation.id)],
                "mandates": sorted(viewer.mandates(organisation.id)),
            }
    return organisations


async def test_the_viewer_reads_for_which_organisations_they_act_and_as_what(a_random_world: RandomWorld):
    for actor, viewer in a_random_world.viewers():
        if viewer.signed_in:
            viewed = (await read(actor, VIEWER))["viewer"]
            assert (viewed["user"] is None) == (viewer.person is None)
            accesses = {access.pop("organisation")["id"]: access for access in viewed["organisations"]}
            assert accesses == expected_organisations(viewer)


async def test_whoever_acts_for_an_organisation_reads_its_administrators(a_random_world: RandomWorld):
    """The address is that of the work relation or the mandate; of several, the first in the alphabet."""
    world = a_random_world.world
    organisation_ids = [organisation.id for organisation in world.all(m.Organisation)]
    for actor, viewer in a_random_world.viewers()[::7]:
        if not viewer.signed_in:
            continue
        data = await read(actor, ADMINISTRATORS, ids=[global_id("Organisation", key) for key in organisation_ids])
        for key, node in zip(organisation_ids, data["nodes"], strict=True):
            if node is None or not viewer.acts_for(key):
                assert node is None or node["administrators"] is None
                continue
            administrators = [user for user in world.all(m.User) if is_administrator(viewer, user, key)]
            addresses = {
                administrator["user"]["id"]: administrator["email"] for administrator in node["administrators"]
            }
            assert addresses == {global_id("User", user.id): address_of(world, user, key) for user in administrators}


def address_of(world: World, user: m.User, organisation_id: int) -> str | None:
    relations = world.having(m.WorkRelation, "user_id", user.id)
    addresses = [
        relation.email
        for relation in relations
        if relation.organisation_id == organisation_id and Role.ADMINISTRATOR in active_roles(world, relation)
    ]
    addresses += [
        mandate.email
        for mandate in world.having(m.AccessMandate, "user_id", user.id)
        if mandate.organisation_id == organisation_id
        and mandate.ended_at is None
        and mandate.kind == AccessMandateKind.LEGAL_REPRESENTATIVE
    ]
    return min((address for address in addresses if address), default=None)


def latest(world: World, relation: m.WorkRelation) -> m.WorkRelationPeriod:
    periods = world.having(m.WorkRelationPeriod, "work_relation_id", relation.id)
    return max(periods, key=lambda period: period.valid_until)


def status(world: World, period: m.WorkRelationPeriod) -> str:
    if period.valid_until < world.today:
        return "EXPIRED"
    return "UPCOMING" if period.valid_from > world.today else "ACTIVE"


async def test_a_work_relation_has_its_latest_period_and_the_right_that_was_not_revoked(a_random_world: RandomWorld):
    world = a_random_world.world
    compared = 0
    for actor, viewer in a_random_world.viewers()[::7]:
        relations = [world.one(m.WorkRelation, key) for key in sorted(seen(viewer, m.WorkRelation))]
        if not relations:
            continue
        data = await read(actor, RELATIONS, ids=[global_id("WorkRelation", relation.id) for relation in relations])
        for relation, node in zip(relations, data["nodes"], strict=True):
            period, right = latest(world, relation), standing_right(world, relation)
            days = {"validFrom": str(period.valid_from), "validUntil": str(period.valid_until)}
            assert {name: node[name] for name in ("status", *days)} == {"status": status(world, period), **days}
            assert node["right"] == (right and expected_right(world, relation, right))
            compared += 1
    assert compared > 20


def expected_right(world: World, relation: m.WorkRelation, right: m.AccessRight) -> dict[str, Any]:
    roles = [row.role for row in world.having(m.AccessRightRole, "access_right_id", right.id) if row.valid_to is None]
    active = has_active_period(world, relation)
    return {"id": global_id("AccessRight", right.id), "active": active, "roles": sorted(roles)}


async def test_a_mandate_is_effective_while_it_counts(a_random_world: RandomWorld):
    world = a_random_world.world
    combinations: set[tuple[bool, bool, bool]] = set()
    for actor, viewer in a_random_world.viewers():
        mandates = [world.one(m.AccessMandate, key) for key in sorted(seen(viewer, m.AccessMandate))]
        if not mandates:
            continue
        data = await read(actor, MANDATES, ids=[global_id("AccessMandate", mandate.id) for mandate in mandates])
        for mandate, node in zip(mandates, data["nodes"], strict=True):
            assert node == {"effective": mandate_counts(world, mandate)}
            is_legal = mandate.kind == AccessMandateKind.LEGAL_REPRESENTATIVE
            combinations.add((is_legal, mandate.ended_at is None, node["effective"]))
    assert combinations >= {(True, True, True), (False, True, True), (False, True, False), (False, False, False)}


async def test_a_membership_is_effective_while_it_gives_access(a_random_world: RandomWorld):
    world = a_random_world.world
    combinations: set[tuple[bool, bool]] = set()
    for actor, viewer in a_random_world.viewers()[::7]:
        memberships = [world.one(m.Membership, key) for key in sorted(seen(viewer, m.Membership))][:100]
        if not memberships:
            continue
        data = await read(
            actor, MEMBERSHIPS, ids=[global_id("Membership", membership.id) for membership in memberships]
        )
        for membership, node in zip(memberships, data["nodes"], strict=True):
            relation = world.one(m.WorkRelation, membership.work_relation_id)
            has_role = Role.USER in active_roles(world, relation)
            is_open = membership.ended_at is None and world.one(m.Group, membership.group_id).active
            assert node == {"effective": has_role and is_open, "email": relation.email}
            combinations.add((has_role, is_open))
    assert combinations == {(True, True), (True, False), (False, True), (False, False)}
