"""The levels of a group: checked, and stored as rows that are closed and never overwritten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from domain.actor_transaction import ActorTransaction
from domain.models import ContractType, DocumentLevel, Group, GroupReferenceLevel, GroupThemeLevel, ReferenceLevel
from domain.models.row import Row
from domain.refusals import ContractTypeUnknown, Findings, GivenTwice, ThemeHidden, ThemeUnknown
from domain.rules.theme import themes_by_code, themes_in_use, visible_codes

ThemeLevels = Sequence[tuple[str, DocumentLevel]]
ReferenceLevels = Sequence[tuple[str, ReferenceLevel]]


@dataclass(frozen=True)
class LevelChanges:
    """Checked levels that differ from a group's current ones.

    Attributes:
        before: The name of the current level, by the code of the theme or type, for the audit log.
        after: The name of the new level, likewise.
    """

    before: dict[str, str]
    after: dict[str, str]
    _row: type[Row]
    _column: str
    _levels: dict[int, IntEnum]

    async def save(self, act: ActorTransaction, group: Group) -> None:
        """Closes the rows of the levels that change, and inserts the new ones as of the same moment."""
        moment = await act.now()
        current = {"group_id": group.id, "valid_to": None, f"{self._column}__in": list(self._levels)}
        await self._row.filter(**current).using_db(act.database).update(valid_to=moment)
        rows = [
            self._row(group_id=group.id, valid_from=moment, level=level, **{self._column: key})
            for key, level in self._levels.items()
        ]
        await self._row.bulk_create(rows, using_db=act.database)


async def check_theme_levels(
    act: ActorTransaction, findings: Findings, levels: ThemeLevels, group: Group | None = None
) -> LevelChanges:
    """Checks levels on themes, and compares them with the group's current ones.

    Args:
        act: The transaction.
        findings: Where unknown and repeated themes are refused, and hidden ones whose level would rise.
        levels: Codes of themes, with the level on each; the levels of other themes stay.
        group: The group; None for a new one.
    """
    themes = await themes_by_code(act)
    rows = GroupThemeLevel.filter(group_id=group.id if group else 0, valid_to=None).using_db(act.database)
    current = {row.theme_id: row.level for row in await rows}
    for position, (code, level) in enumerate(levels):
        path = ("themeLevels", position, "themeCode")
        theme = themes.get(code)
        if theme is None:
            findings.add(ThemeUnknown(*path, code=code, possible=visible_codes(themes.values())))
        elif not theme.visible and level > current.get(theme.id, DocumentLevel.NONE):
            findings.add(ThemeHidden(*path, theme=theme, possible=themes_in_use(themes.values())))
    _refuse_repeated(findings, [code for code, _ in levels], "themeLevels", "themeCode")
    known_levels = [(code, themes[code].id, level) for code, level in levels if code in themes]
    return _changes(GroupThemeLevel, "theme_id", known_levels, current, DocumentLevel.NONE)


async def check_reference_levels(
    act: ActorTransaction, findings: Findings, levels: ReferenceLevels, group: Group | None = None
) -> LevelChanges:
    """Does the same for levels on types of contracts, which are never hidden."""
    types = {kind.code: kind for kind in await ContractType.all().order_by("id").using_db(act.database)}
    rows = GroupReferenceLevel.filter(group_id=group.id if group else 0, valid_to=None).using_db(act.database)
    current = {row.contract_type_id: row.level for row in await rows}
    for position, (code, _) in enumerate(levels):
        if code not in types:
            path = ("referenceLevels", position, "typeCode")
            findings.add(ContractTypeUnknown(*path, code=code, possible=", ".join(types)))
    _refuse_repeated(findings, [code for code, _ in levels], "referenceLevels", "typeCode")
    known_levels = [(code, types[code].id, level) for code, level in levels if code in types]
    return _changes(GroupReferenceLevel, "contract_type_id", known_levels, current, ReferenceLevel.READ)


def _refuse_repeated(findings: Findings, codes: list[str], field: str, code_field: str) -> None:
    for position, code in enumerate(codes):
        if code in codes[:position]:
            findings.add(GivenTwice(field, position, code_field, what=code))


def _changes(
    row: type[Row],
    column: str,
    levels: Iterable[tuple[str, int, IntEnum]],
    current: dict[int, Any],
    default: IntEnum,
) -> LevelChanges:
    changes = [(code, key, level) for code, key, level in levels if current.get(key, default) != level]
    return LevelChanges(
        before={code: current.get(key, default).name for code, key, _ in changes},
        after={code: level.name for code, _, level in changes},
        _row=row,
        _column=column,
        _levels={key: level for _, key, level in changes},
    )
