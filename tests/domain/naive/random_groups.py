"""Groups, contracts, links and memberships of random organisations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from domain import models as m
from domain.models import DocumentLevel, MembershipKind, OrganisationKind, ReferenceLevel
from tests.domain.naive.random_people import a_digest
from tests.rows import a_serial

if TYPE_CHECKING:
    from tests.domain.naive.random_world import Chance

THEMES, TYPES = 4, 2


def group_up(chance: Chance, organisations: list[m.Organisation]) -> None:
    """Authorities have groups too, but no contracts to carry out."""
    for organisation in organisations:
        relations = [each for each in chance.rows.of(m.WorkRelation) if each.organisation_id == organisation.id]
        groups = [a_random_group(chance, organisation) for _ in range(chance.sizes.groups)]
        for group in groups:
            join(chance, group, relations)
        if organisation.kind != OrganisationKind.CONTRACTING_AUTHORITY:
            for _ in range(chance.sizes.contracts):
                contract = a_random_contract(chance, organisation)
                for group in chance.some(groups, 1, 4):
                    link(chance, contract, group, relations)


def a_random_group(chance: Chance, organisation: m.Organisation) -> m.Group:
    """Active, deleted, or overwritten."""
    active = chance.likely(0.8)
    name = f"Groep {a_serial()}"
    group = chance.rows.add(
        m.Group,
        organisation_id=organisation.id,
        name=name,
        name_key=name.casefold(),
        description="Leden",
        email="groep@bedrijf.example" if chance.likely(0.5) else None,
        active=active,
        deactivated_at=None if active else chance.now,
        archived=not active and chance.likely(0.4),
    )
    give_levels(chance, group)
    return group


def give_levels(chance: Chance, group: m.Group) -> None:
    """Levels that stand, and levels that stood before."""
    before = {"valid_from": chance.ago(48), "valid_to": chance.now - timedelta(hours=1)}
    for theme in range(1, THEMES + 1):
        if chance.likely(0.5):
            level = chance.random.choice((*DocumentLevel, DocumentLevel.SEND))
            chance.rows.add(m.GroupThemeLevel, group_id=group.id, theme_id=theme, level=level)
        if chance.likely(0.3):
            chance.rows.add(m.GroupThemeLevel, group_id=group.id, theme_id=theme, level=DocumentLevel.SEND, **before)
    for kind in range(1, TYPES + 1):
        of = {"group_id": group.id, "contract_type_id": kind}
        if chance.likely(0.5):
            given = chance.random.choice(list(ReferenceLevel))
            chance.rows.add(m.GroupReferenceLevel, level=given, **of)
        if chance.likely(0.3):
            chance.rows.add(m.GroupReferenceLevel, level=ReferenceLevel.WRITE, **before, **of)


def join(chance: Chance, group: m.Group, relations: list[m.WorkRelation]) -> None:
    """Fixed members by whichever of their work relations, some of them no longer; at most one stands for a person."""
    standing: set[int] = set()
    for relation in chance.some(relations, 1, 5):
        since = chance.closed("since", "ended_at", 0.35)
        if since["ended_at"] is None and relation.user_id in standing:
            continue
        standing |= {relation.user_id} if since["ended_at"] is None else set()
        add_member(chance, group, relation, MembershipKind.FIXED, **since)


def add_member(
    chance: Chance, group: m.Group, relation: m.WorkRelation, kind: MembershipKind, **columns: object
) -> None:
    chance.rows.add(
        m.Membership,
        kind=kind,
        organisation_id=group.organisation_id,
        group_id=group.id,
        user_id=relation.user_id,
        work_relation_id=relation.id,
        **columns,
    )


def a_random_contract(chance: Chance, organisation: m.Organisation) -> m.Contract:
    """Running or ended."""
    authorities = [
        each for each in chance.rows.of(m.Organisation) if each.kind == OrganisationKind.CONTRACTING_AUTHORITY
    ]
    span = chance.closed("published_at", "ended_at", 0.2)
    number = a_serial()
    return chance.rows.add(
        m.Contract,
        number=f"{chance.random.choice(('MOW', 'mow', 'AWV'))}/{number}",
        title=chance.random.choice(("Brugherstel", "brugherstel", "Wegmarkering 100%", "Éénrichting", "Put_deksels")),
        type_id=chance.random.randint(1, TYPES),
        organisation_id=organisation.id,
        contracting_authority_id=chance.random.choice(authorities).id,
        own_reference=chance.random.choice((None, "Werf 1", "werf 1", "Ümlaut")),
        email="werf@bedrijf.example" if chance.likely(0.4) else None,
        external_id=f"c{number}",
        content_digest=a_digest(),
        end_reason="Opgeleverd" if span["ended_at"] else None,
        **span,
    )


def link(chance: Chance, contract: m.Contract, group: m.Group, relations: list[m.WorkRelation]) -> None:
    """A link to a group that was deleted is closed, and so are the memberships of a closed link."""
    closed = not group.active or chance.likely(0.3)
    if closed or chance.likely(0.1):
        tie(chance, contract, group, relations, closed=True)
    if not closed:
        tie(chance, contract, group, relations, closed=False)


def tie(chance: Chance, contract: m.Contract, group: m.Group, relations: list[m.WorkRelation], *, closed: bool) -> None:
    of = {"organisation_id": group.organisation_id, "contract_id": contract.id, "group_id": group.id}
    made = chance.rows.add(m.GroupLink, **chance.closed("linked_at", "ended_at", float(closed)), **of)
    kind, tied = MembershipKind.CONTRACT_SPECIFIC, {"group_link_id": made.id, "contract_id": contract.id}
    people: set[int] = set()
    for relation in chance.some(relations, 0, 3):
        if relation.user_id not in people:
            people.add(relation.user_id)
            since = chance.closed("since", "ended_at", 1 if closed else 0.35)
            add_member(chance, group, relation, kind, **tied, **since)
