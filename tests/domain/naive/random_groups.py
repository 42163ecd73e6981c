"""Groups, contracts, links and memberships of random organisations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from domain import models as m
from domain.models import DocumentLevel, MembershipKind, OrganisationKind, ReferenceLevel
from tests.domain.naive.random_people import a_digest
from tests.rows import a_serial

if TYPE_CHECKING:
    from tests.domain.naive.random_world import WorldBuilder

THEMES, TYPES = 4, 2


def add_groups_and_contracts(builder: WorldBuilder, organisations: list[m.Organisation]) -> None:
    """Adds groups to every organisation, and contracts with links to those that are no authority."""
    for organisation in organisations:
        relations = [row for row in builder.rows.of(m.WorkRelation) if row.organisation_id == organisation.id]
        groups = [a_random_group(builder, organisation) for _ in range(builder.sizes.groups)]
        for group in groups:
            join(builder, group, relations)
        if organisation.kind != OrganisationKind.CONTRACTING_AUTHORITY:
            for _ in range(builder.sizes.contracts):
                contract = a_random_contract(builder, organisation)
                for group in builder.sample(groups, 1, 4):
                    link(builder, contract, group, relations)


def a_random_group(builder: WorldBuilder, organisation: m.Organisation) -> m.Group:
    """An active, deleted or overwritten group."""
    active = builder.maybe(0.8)
    name = f"Groep {a_serial()}"
    group = builder.rows.add(
        m.Group,
        organisation_id=organisation.id,
        name=name,
        name_key=name.casefold(),
        description="Leden",
        email="groep@bedrijf.example" if builder.maybe(0.5) else None,
        active=active,
        deactivated_at=None if active else builder.now,
        archived=not active and builder.maybe(0.4),
    )
    give_levels(builder, group)
    return group


def give_levels(builder: WorldBuilder, group: m.Group) -> None:
    """Adds current and former levels."""
    former = {"valid_from": builder.past_moment(48), "valid_to": builder.now - timedelta(hours=1)}
    for theme in range(1, THEMES + 1):
        if builder.maybe(0.5):
            level = builder.random.choice((*DocumentLevel, DocumentLevel.SEND))
            builder.rows.add(m.GroupThemeLevel, group_id=group.id, theme_id=theme, level=level)
        if builder.maybe(0.3):
            builder.rows.add(m.GroupThemeLevel, group_id=group.id, theme_id=theme, level=DocumentLevel.SEND, **former)
    for type_id in range(1, TYPES + 1):
        keys = {"group_id": group.id, "contract_type_id": type_id}
        if builder.maybe(0.5):
            reference_level = builder.random.choice(list(ReferenceLevel))
            builder.rows.add(m.GroupReferenceLevel, level=reference_level, **keys)
        if builder.maybe(0.3):
            builder.rows.add(m.GroupReferenceLevel, level=ReferenceLevel.WRITE, **former, **keys)


def join(builder: WorldBuilder, group: m.Group, relations: list[m.WorkRelation]) -> None:
    """Adds current and former fixed members; a person has at most one open membership."""
    open_memberships: set[int] = set()
    for relation in builder.sample(relations, 1, 5):
        period = builder.period("since", "ended_at", 0.35)
        if period["ended_at"] is None and relation.user_id in open_memberships:
            continue
        open_memberships |= {relation.user_id} if period["ended_at"] is None else set()
        add_member(builder, group, relation, MembershipKind.FIXED, **period)


def add_member(
    builder: WorldBuilder, group: m.Group, relation: m.WorkRelation, kind: MembershipKind, **columns: object
) -> None:
    builder.rows.add(
        m.Membership,
        kind=kind,
        organisation_id=group.organisation_id,
        group_id=group.id,
        user_id=relation.user_id,
        work_relation_id=relation.id,
        **columns,
    )


def a_random_contract(builder: WorldBuilder, organisation: m.Organisation) -> m.Contract:
    """A running or ended contract."""
    authorities = [
        organisation
        for organisation in builder.rows.of(m.Organisation)
        if organisation.kind == OrganisationKind.CONTRACTING_AUTHORITY
    ]
    period = builder.period("published_at", "ended_at", 0.2)
    number = a_serial()
    return builder.rows.add(
        m.Contract,
        number=f"{builder.random.choice(('MOW', 'mow', 'AWV'))}/{number}",
        title=builder.random.choice(("Brugherstel", "brugherstel", "Wegmarkering 100%", "Éénrichting", "Put_deksels")),
        type_id=builder.random.randint(1, TYPES),
        organisation_id=organisation.id,
        contracting_authority_id=builder.random.choice(authorities).id,
        own_reference=builder.random.choice((None, "Werf 1", "werf 1", "Ümlaut")),
        email="werf@bedrijf.example" if builder.maybe(0.4) else None,
        external_id=f"c{number}",
        content_digest=a_digest(),
        end_reason="Opgeleverd" if period["ended_at"] else None,
        **period,
    )


def link(builder: WorldBuilder, contract: m.Contract, group: m.Group, relations: list[m.WorkRelation]) -> None:
    """Adds a link, an ended one, or both. The link of a deleted group has ended."""
    has_ended = not group.active or builder.maybe(0.3)
    if has_ended or builder.maybe(0.1):
        add_link(builder, contract, group, relations, has_ended=True)
    if not has_ended:
        add_link(builder, contract, group, relations, has_ended=False)


def add_link(
    builder: WorldBuilder, contract: m.Contract, group: m.Group, relations: list[m.WorkRelation], *, has_ended: bool
) -> None:
    """A link with contract-specific members, whose memberships have ended with it."""
    keys = {"organisation_id": group.organisation_id, "contract_id": contract.id, "group_id": group.id}
    group_link = builder.rows.add(m.GroupLink, **builder.period("linked_at", "ended_at", float(has_ended)), **keys)
    kind, of_link = MembershipKind.CONTRACT_SPECIFIC, {"group_link_id": group_link.id, "contract_id": contract.id}
    people: set[int] = set()
    for relation in builder.sample(relations, 0, 3):
        if relation.user_id not in people:
            people.add(relation.user_id)
            period = builder.period("since", "ended_at", 1 if has_ended else 0.35)
            add_member(builder, group, relation, kind, **of_link, **period)
