"""The levels that are given to a group: checked, and kept as rows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from domain.acting import Acting
from domain.models import ContractType, DocumentLevel, GroupReferenceLevel, GroupThemeLevel, ReferenceLevel, Theme
from domain.refusals import ContractTypeUnknown, Findings, GivenTwice, ThemeHidden, ThemeUnknown

ThemeLevels = Sequence[tuple[str, DocumentLevel]]
ReferenceLevels = Sequence[tuple[str, ReferenceLevel]]


@dataclass(frozen=True)
class CheckedLevels:
    """Levels that may be given.

    Attributes:
        told: The level's name by its code, for the audit log.
        keep: Writes the rows for the group with a key.
    """

    told: dict[str, str]
    keep: Callable[[int], Awaitable[None]]


def _note_twice(findings: Findings, codes: list[str], field: str) -> None:
    for place, code in enumerate(codes):
        if code in codes[:place]:
            findings.add(GivenTwice(field, place, "themeCode" if field == "themeLevels" else "typeCode", what=code))


async def check_theme_levels(act: Acting, findings: Findings, given: ThemeLevels) -> CheckedLevels:
    """Looks up the themes; unknown, hidden and doubled ones are noted in `findings`."""
    themes = {theme.code: theme for theme in await Theme.all().order_by("id").using_db(act.database)}
    possible = ", ".join(code for code, theme in themes.items() if theme.visible)
    for place, (code, _) in enumerate(given):
        if code not in themes:
            findings.add(ThemeUnknown("themeLevels", place, "themeCode", code=code, possible=possible))
        elif not themes[code].visible:
            findings.add(ThemeHidden("themeLevels", place, "themeCode", code=code, possible=possible))
    _note_twice(findings, [code for code, _ in given], "themeLevels")

    async def keep(group_id: int) -> None:
        rows = [GroupThemeLevel(group_id=group_id, theme_id=themes[code].id, level=level) for code, level in given]
        await GroupThemeLevel.bulk_create(rows, using_db=act.database)

    return CheckedLevels({code: level.name for code, level in given}, keep)


async def check_reference_levels(act: Acting, findings: Findings, given: ReferenceLevels) -> CheckedLevels:
    """Looks up the types of contracts; unknown and doubled ones are noted in `findings`."""
    types = {kind.code: kind for kind in await ContractType.all().order_by("id").using_db(act.database)}
    for place, (code, _) in enumerate(given):
        if code not in types:
            path = ("referenceLevels", place, "typeCode")
            findings.add(ContractTypeUnknown(*path, code=code, possible=", ".join(types)))
    _note_twice(findings, [code for code, _ in given], "referenceLevels")

    async def keep(group_id: int) -> None:
        rows = [
            GroupReferenceLevel(group_id=group_id, contract_type_id=types[code].id, level=level)
            for code, level in given
        ]
        await GroupReferenceLevel.bulk_create(rows, using_db=act.database)

    return CheckedLevels({code: level.name for code, level in given}, keep)
