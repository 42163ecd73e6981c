"""Themes as rules look them up."""

from collections.abc import Iterable, Mapping

from domain.actor_transaction import ActorTransaction
from domain.models import Theme
from domain.refusals import Findings, ThemeHidden, ThemeUnknown


def by_code(themes: Iterable[Theme]) -> dict[str, Theme]:
    """The themes by their codes, in the order given."""
    return {theme.code: theme for theme in themes}


async def themes_by_code(act: ActorTransaction) -> dict[str, Theme]:
    """All themes by their codes, hidden ones too, oldest first."""
    return by_code(await Theme.all().order_by("id").using_db(act.database))


def visible_codes(themes: Iterable[Theme]) -> str:
    """The codes of the themes in use, to be told; a dash where there is none."""
    return ", ".join(theme.code for theme in themes if theme.visible) or "—"


def in_use(themes: Iterable[Theme]) -> list[Theme] | str:
    """The themes in use, to be told by name; a dash where there is none."""
    return [theme for theme in themes if theme.visible] or "—"


async def require_visible(act: ActorTransaction, theme: Theme, *path: str | int) -> None:
    """Goes on only if the theme is in use.

    Raises:
        ThemeHidden: Nothing new can be exchanged on it.
    """
    if not theme.visible:
        raise ThemeHidden(*path, theme=theme, possible=in_use((await themes_by_code(act)).values()))


def check_visible(findings: Findings, themes: Mapping[str, Theme], code: str, *path: str | int) -> None:
    """Notes a code of which there is no theme, or a hidden one.

    Args:
        findings: Where it is noted.
        themes: All themes by their codes.
        code: The code that was given.
        path: The input field.
    """
    theme = themes.get(code)
    if theme is None:
        findings.add(ThemeUnknown(*path, code=code, possible=visible_codes(themes.values())))
    elif not theme.visible:
        findings.add(ThemeHidden(*path, theme=theme, possible=in_use(themes.values())))
