"""The operator's commands about themes: `econtracting theme`."""

from typing import Annotated

import typer

theme_app = typer.Typer(help="Document themes.", no_args_is_help=True)
ThemeCode = Annotated[str, typer.Argument(help="The theme's code, such as EXECUTION.")]


@theme_app.command("list")
def list_themes() -> None:
    """List all themes: code, visibility, and name in Dutch, French, English and German."""
    from commands.runtime import run_with_database
    from domain.rules.theme_visibility import themes

    for theme in run_with_database(themes()):
        names = f"{theme.name_nl} | {theme.name_fr} | {theme.name_en} | {theme.name_de}"
        typer.echo(f"{theme.code:<12} {'visible' if theme.visible else 'hidden':<8} {names}")


@theme_app.command("show")
def show_theme(code: ThemeCode) -> None:
    """Show a theme: it can be granted and used."""
    _set_visibility(code, visible=True)


@theme_app.command("hide")
def hide_theme(code: ThemeCode) -> None:
    """Hide a theme: nothing new can be granted or exchanged on it; existing documents stay."""
    _set_visibility(code, visible=False)


def _set_visibility(code: str, *, visible: bool) -> None:
    from commands.runtime import run_with_database
    from domain.actor import OPERATOR
    from domain.rules.theme_visibility import set_theme_visibility

    theme = run_with_database(set_theme_visibility(actor=OPERATOR, code=code, visible=visible))
    typer.echo(f"{theme.code} is {'visible' if theme.visible else 'hidden'}.")
