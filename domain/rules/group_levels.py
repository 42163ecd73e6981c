"""The levels that are given to a group: checked, and kept as rows that are closed and never overwritten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from domain.actor_transaction import ActorTransaction
from domain.models import (
    ContractType,
    DocumentLevel,
    Group,
    GroupReferenceLevel,
    GroupThemeLevel,
    ReferenceLevel,
)
from domain.models.row import Row
from domain.refusals import ContractTypeUnknown, Findings, GivenTwice, ThemeHidden, ThemeUnknown
from domain.rules.themes import every_theme, in_use, visible_codes

ThemeLevels = Sequence[tuple[str, DocumentLevel]]
ReferenceLevels = Sequence[tuple[str, ReferenceLevel]]


@dataclass(frozen=True)
class CheckedLevels:
    """Levels that may be given, and differ from those that stand.

    Attributes:
        before: The name of the level that stands, by the code of what it is on, for the audit log.
        after: The name of the level to be, likewise.
    """

    before: dict[str, str]
    after: dict[str, str]
    _row: type[Row]
    _column: str
    _levels: dict[int, IntEnum]

    async def save(self, act: ActorTransaction, group: Group) -> None:
        """Closes the rows of the levels that stood, and opens the new ones, at one moment."""
        moment = await act.now()
        stood = {"group_id": group.id, "valid_to": None, f"{self._column}__in": list(self._levels)}
        await self._row.filter(**stood).using_db(act.database).update(valid_to=moment)
        opened = {"group_id": group.id, "valid_from": moment}
        rows = [self._row(level=level, **opened, **{self._column: key}) for key, level in self._levels.items()]
        await self._row.bulk_create(rows, using_db=act.database)


def _note_twice(findings: Findings, codes: list[str], field: str, code_field: str) -> None:
    for place, code in enumerate(codes):
        if code in codes[:place]:
            findings.add(GivenTwice(field, place, code_field, what=code))


async def check_theme_levels(
    act: ActorTransaction, findings: Findings, given: ThemeLevels, group: Group | None = None
) -> CheckedLevels:
    """Looks up the themes; unknown and doubled ones are noted in `findings`, and hidden ones whose level would rise.

    Args:
        act: The transaction.
        findings: Where it is noted.
        given: Codes of themes, with the level on each; the other themes stay as they are.
        group: The group that has levels already; None for a new one.
    """
    themes = await every_theme(act)
    rows = GroupThemeLevel.filter(group_id=group.id if group else 0, valid_to=None).using_db(act.database)
    standing = {row.theme_id: row.level for row in await rows}
    for place, (code, level) in enumerate(given):
        path = ("themeLevels", place, "themeCode")
        theme = themes.get(code)
        if theme is None:
            findings.add(ThemeUnknown(*path, code=code, possible=visible_codes(themes.values())))
        elif not theme.visible and level > standing.get(theme.id, DocumentLevel.NONE):
            findings.add(ThemeHidden(*path, theme=theme, possible=in_use(themes.values())))
    _note_twice(findings, [code for code, _ in given], "themeLevels", "themeCode")
    known = [(code, themes[code].id, level) for code, level in given if code in themes]
    return _changed(GroupThemeLevel, "theme_id", known, standing, DocumentLevel.NONE)


async def check_reference_levels(
    act: ActorTransaction, findings: Findings, given: ReferenceLevels, group: Group | None = None
) -> CheckedLevels:
    """Looks up the types of contracts, as `check_theme_levels` does the themes; types are never hidden."""
    types = {kind.code: kind for kind in await ContractType.all().order_by("id").using_db(act.database)}
    rows = GroupReferenceLevel.filter(group_id=group.id if group else 0, valid_to=None).using_db(act.database)
    standing = {row.contract_type_id: row.level for row in await rows}
    for place, (code, _) in enumerate(given):
        if code not in types:
            path = ("referenceLevels", place, "typeCode")
            findings.add(ContractTypeUnknown(*path, code=code, possible=", ".join(types)))
    _note_twice(findings, [code for code, _ in given], "referenceLevels", "typeCode")
    known = [(code, types[code].id, level) for code, level in given if code in types]
    return _changed(GroupReferenceLevel, "contract_type_id", known, standing, ReferenceLevel.READ)


def _changed(
    row: type[Row],
    column: str,
    given: Iterable[tuple[str, int, IntEnum]],
    standing: dict[int, Any],
    unset: IntEnum,
) -> CheckedLevels:
    changes = [(code, key, level) for code, key, level in given if standing.get(key, unset) != level]
    return CheckedLevels(
        before={code: standing.get(key, unset).name for code, key, _ in changes},
        after={code: level.name for code, _, level in changes},
        _row=row,
        _column=column,
        _levels={key: level for _, key, level in changes},
    )
