"""Themes, looked up by their codes, and whether they are in use."""

from collections.abc import Iterable, Mapping

from domain.actor_transaction import ActorTransaction
from domain.models import Theme
from domain.refusals import Findings, ThemeHidden, ThemeUnknown


def by_code(themes: Iterable[Theme]) -> dict[str, Theme]:
    """The themes by their codes, in the same order."""
    return {theme.code: theme for theme in themes}


async def themes_by_code(act: ActorTransaction) -> dict[str, Theme]:
    """All themes by their codes, hidden ones too, oldest first."""
    return by_code(await Theme.all().order_by("id").using_db(act.database))


def visible_codes(themes: Iterable[Theme]) -> str:
    """The codes of the themes in use, as text for a refusal; a dash if there is none."""
    return ", ".join(theme.code for theme in themes if theme.visible) or "—"


def themes_in_use(themes: Iterable[Theme]) -> list[Theme] | str:
    """The themes in use, as a fact of a refusal, which names them; a dash if there is none."""
    return [theme for theme in themes if theme.visible] or "—"


async def require_visible(act: ActorTransaction, theme: Theme, *path: str | int) -> None:
    """Requires that the theme is in use.

    Raises:
        ThemeHidden: It is not in use.
    """
    if not theme.visible:
        raise ThemeHidden(*path, theme=theme, possible=themes_in_use((await themes_by_code(act)).values()))


def check_visible(findings: Findings, themes: Mapping[str, Theme], code: str, *path: str | int) -> None:
    """Checks that a code is that of a theme in use.

    Args:
        findings: Where an unknown or hidden theme is refused.
        themes: All themes by their codes.
        code: The code.
        path: The input field.
    """
    theme = themes.get(code)
    if theme is None:
        findings.add(ThemeUnknown(*path, code=code, possible=visible_codes(themes.values())))
    elif not theme.visible:
        findings.add(ThemeHidden(*path, theme=theme, possible=themes_in_use(themes.values())))
