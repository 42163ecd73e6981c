"""Themes as rules look them up."""

from collections.abc import Iterable

from domain.acting import Acting
from domain.models import Theme
from domain.refusals import Findings, ThemeHidden, ThemeUnknown


def visible_codes(themes: Iterable[Theme]) -> str:
    """The codes of the themes in use, to be told; a dash where there is none."""
    return ", ".join(theme.code for theme in themes if theme.visible) or "—"


async def require_visible(act: Acting, theme: Theme, *path: str | int) -> None:
    """Goes on only if the theme is in use.

    Raises:
        ThemeHidden: Nothing new can be exchanged on it.
    """
    if not theme.visible:
        themes = await Theme.all().order_by("id").using_db(act.database)
        raise ThemeHidden(*path, code=theme.code, possible=visible_codes(themes))


async def known_theme(act: Acting, findings: Findings, code: str, *path: str | int) -> Theme:
    """The theme with a code; an unknown or hidden one is noted in `findings`, and an unknown one is an empty row."""
    return theme_among(await Theme.all().order_by("id").using_db(act.database), findings, code, *path)


def theme_among(themes: Iterable[Theme], findings: Findings, code: str, *path: str | int) -> Theme:
    """The same, of themes that were read already."""
    by_code = {theme.code: theme for theme in themes}
    theme = by_code.get(code)
    if theme is None:
        findings.add(ThemeUnknown(*path, code=code, possible=visible_codes(by_code.values())))
    elif not theme.visible:
        findings.add(ThemeHidden(*path, code=code, possible=visible_codes(by_code.values())))
    return theme or Theme()
