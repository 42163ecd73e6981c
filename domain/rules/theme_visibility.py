"""Which themes are in use: an operator shows and hides them (manual 3.1, Rechten)."""

from domain.actor import Actor
from domain.actor_transaction import actor_transaction
from domain.models import Theme, UnlistedAction
from domain.refusals import ThemeUnknown
from domain.rules.operators import require_operator
from domain.rules.saving import save


async def themes() -> list[Theme]:
    """All themes, hidden ones too, oldest first."""
    return await Theme.all().order_by("id")


async def set_theme_visibility(*, actor: Actor, code: str, visible: bool) -> Theme:
    """Shows a theme, so that it can be granted and used, or hides it; levels that were granted stay.

    Args:
        actor: The operator.
        code: The theme's code, in any case.
        visible: Whether to show it.

    Raises:
        Forbidden: The actor is somebody else.
        ThemeUnknown: There is no such theme.
    """
    require_operator(actor)
    async with actor_transaction(actor) as act:
        locked = await Theme.all().order_by("id").using_db(act.database).select_for_update(no_key=True)
        by_code = {theme.code: theme for theme in locked}
        theme = by_code.get(code.upper())
        if theme is None:
            raise ThemeUnknown("code", code=code, possible=", ".join(by_code))
        if theme.visible != visible:
            await save(act, theme, visible=visible)
            await act.record(UnlistedAction.THEME_SHOWN if visible else UnlistedAction.THEME_HIDDEN, theme, None)
    return theme
