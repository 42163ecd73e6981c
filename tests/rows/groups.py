"""Groups, their levels and their members."""

from collections.abc import Mapping
from typing import Any

from domain.group_name import name_key
from domain.models import (
    ContractType,
    DocumentLevel,
    Group,
    GroupLink,
    GroupReferenceLevel,
    GroupThemeLevel,
    Membership,
    MembershipKind,
    Organisation,
    ReferenceLevel,
    Theme,
    WorkRelation,
)
from tests.rows.organisations import an_organisation
from tests.rows.unique import a_serial, default_opening, now
from tests.rows.work_relations import a_person_with_right


async def a_group(
    organisation: Organisation | None = None,
    name: str | None = None,
    *,
    levels: Mapping[str, DocumentLevel] | None = None,
    references: Mapping[str, ReferenceLevel] | None = None,
    **columns: Any,
) -> Group:
    """An active group without e-mail and members, with `levels` by theme code and `references` by type code."""
    name = name or f"Projectteam {a_serial()}"
    defaults: dict[str, Any] = {"name": name, "name_key": name_key(name), "description": f"Leden van {name}"}
    if not columns.get("active", True):
        defaults["deactivated_at"] = await now()
    group = await Group.create(organisation=organisation or await an_organisation(), **defaults | columns)
    for code, level in (levels or {}).items():
        await a_theme_level(group, code, level)
    for code, reference in (references or {}).items():
        await a_reference_level(group, code, reference)
    return group


async def a_theme_level(group: Group, theme_code: str, level: DocumentLevel, **columns: Any) -> GroupThemeLevel:
    """A level on a theme, valid from now on."""
    columns = default_opening(columns, "valid_from", "valid_to") | columns
    return await GroupThemeLevel.create(group=group, theme=await Theme.get(code=theme_code), level=level, **columns)


async def a_reference_level(group: Group, type_code: str, level: ReferenceLevel, **columns: Any) -> GroupReferenceLevel:
    """A level on the own reference of a contract type, valid from now on."""
    contract_type = await ContractType.get(code=type_code)
    columns = default_opening(columns, "valid_from", "valid_to") | columns
    return await GroupReferenceLevel.create(group=group, contract_type=contract_type, level=level, **columns)


async def a_membership(
    group: Group, work_relation: WorkRelation | None = None, link: GroupLink | None = None, **columns: Any
) -> Membership:
    """A fixed membership, or with a link a contract-specific one; of a new USER unless a work relation is given."""
    if work_relation is None:
        work_relation = await a_person_with_right(await Organisation.get(id=group.organisation_id))
    defaults = {
        "kind": MembershipKind.CONTRACT_SPECIFIC if link else MembershipKind.FIXED,
        "organisation_id": group.organisation_id,
        "user_id": work_relation.user_id,
        "contract_id": link.contract_id if link else None,
    } | default_opening(columns, "since", "ended_at")
    return await Membership.create(group=group, work_relation=work_relation, group_link=link, **defaults | columns)
